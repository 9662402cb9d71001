# terraform query                                      shows what is found
# terraform query -generate-config-out=callbacks.tf    writes a resource and an import block for each

list "ecgrid_callback" "mailbox" {
  provider = ecgrid
  limit    = 1000 # Terraform stops at 100 unless told otherwise

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
