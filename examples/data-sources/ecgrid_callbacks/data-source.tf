data "ecgrid_callbacks" "mailbox" {
  mailbox_id = 12345
}

locals {
  callbacks = { for one in data.ecgrid_callbacks.mailbox.callbacks : tostring(one.callback_id) => one }
}

# Terraform 1.7 and newer: adopts every callback of the mailbox that ECGrid lists. Nothing is sent.
import {
  for_each = local.callbacks
  to       = ecgrid_callback.mailbox[each.key]
  id       = each.key
}

# If ECGrid no longer lists a callback, the next apply destroys it here; with `retain` that
# does not touch it. An argument that is omitted stays as it is at ECGrid.
resource "ecgrid_callback" "mailbox" {
  for_each   = local.callbacks
  on_destroy = "retain"
}
