data "ecgrid_callbacks" "mailbox" {
  mailbox_id = 12345
}

locals {
  callbacks = { for one in data.ecgrid_callbacks.mailbox.callbacks : tostring(one.callback_id) => one }
}

# Adopts every callback that ECGrid lists for the mailbox. Sends nothing. Needs Terraform 1.7 or newer.
import {
  for_each = local.callbacks
  to       = ecgrid_callback.mailbox[each.key]
  id       = each.key
}

# If ECGrid no longer lists a callback, the next apply destroys the resource. Because of `retain`, this
# does not touch the callback at ECGrid. Arguments that you omit stay as they are at ECGrid.
resource "ecgrid_callback" "mailbox" {
  for_each   = local.callbacks
  on_destroy = "retain"
}
