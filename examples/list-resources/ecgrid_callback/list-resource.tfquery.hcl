# terraform query                                      shows the callbacks
# terraform query -generate-config-out=callbacks.tf    writes a resource and an import block for each callback

list "ecgrid_callback" "mailbox" {
  provider = ecgrid
  limit    = 1000 # Terraform's default is 100

  config {
    mailbox_id = 12345
    status     = "Active"
    event      = "Parcel"
  }
}

# Without a config block: every callback of the account.
list "ecgrid_callback" "account" {
  provider = ecgrid
  limit    = 10000
}
