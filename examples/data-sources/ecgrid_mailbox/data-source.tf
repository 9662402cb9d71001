# `name` is the mailbox's name, unique id or company name. You can also find a mailbox by `mailbox_id`.
data "ecgrid_mailbox" "acme" {
  name = "ACME-ORDERS"
}

resource "ecgrid_callback" "orders" {
  url        = "https://app.example.com/webhooks/orders"
  event      = "Parcel"
  mailbox_id = data.ecgrid_mailbox.acme.mailbox_id
}
