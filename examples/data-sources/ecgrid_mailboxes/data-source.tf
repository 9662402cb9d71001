data "ecgrid_mailboxes" "active" {
  network_id = 5050
  status     = "Active"
}

# One callback per active mailbox. If a mailbox is suspended later, the next apply destroys its callback.
resource "ecgrid_callback" "orders" {
  for_each = { for one in data.ecgrid_mailboxes.active.mailboxes : tostring(one.mailbox_id) => one }

  url        = "https://app.example.com/webhooks/orders/${each.key}"
  event      = "Parcel"
  mailbox_id = each.value.mailbox_id
}
