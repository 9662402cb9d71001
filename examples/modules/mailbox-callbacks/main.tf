data "ecgrid_mailbox" "this" {
  count = var.mailbox_name == null ? 0 : 1
  name  = var.mailbox_name
}

resource "ecgrid_callback" "this" {
  for_each = var.callbacks

  mailbox_id      = var.mailbox_name == null ? var.mailbox_id : data.ecgrid_mailbox.this[0].mailbox_id
  url             = each.value.url
  event           = each.value.event
  status          = each.value.status
  on_destroy      = each.value.on_destroy
  verify_delivery = each.value.verify_delivery

  http_auth_type      = each.value.http_auth_type
  username            = each.value.username
  password_wo         = lookup(var.passwords, each.key, null)
  password_wo_version = each.value.password_version
}
