data "ecgrid_callbacks" "mailbox" {
  mailbox_id = 12345
}

locals {
  callbacks = { for one in data.ecgrid_callbacks.mailbox.callbacks : tostring(one.callback_id) => one }
}

# Terraform 1.7 and newer: adopts every callback of the mailbox as it is, without a write.
import {
  for_each = local.callbacks
  to       = ecgrid_callback.mailbox[each.key]
  id       = each.key
}

resource "ecgrid_callback" "mailbox" {
  for_each = local.callbacks
  url      = each.value.url
  event    = each.value.event
}
