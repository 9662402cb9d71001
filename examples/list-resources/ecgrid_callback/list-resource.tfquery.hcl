# terraform query -generate-config-out=callbacks.tf
list "ecgrid_callback" "mailbox" {
  provider = ecgrid
  limit    = 1000

  config {
    mailbox_id = 12345
    status     = "Active"
    event      = "Parcel"
  }
}
