terraform {
  required_version = ">= 1.6"

  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

variable "endpoint" {
  description = "HTTPS endpoint for all events."
  type        = string
  default     = "https://app.example.com/webhooks/ecgrid"
}

variable "events" {
  description = "Events to deliver. ECGrid registers one callback per event."
  type        = set(string)
  default     = ["Parcel", "Interchange", "Mailbox"]
}

variable "mailbox_id" {
  description = "ID of the mailbox. Null registers the callbacks without a mailbox."
  type        = number
  default     = null
}

resource "ecgrid_callback" "each" {
  for_each   = var.events
  url        = var.endpoint
  event      = each.value
  mailbox_id = var.mailbox_id
}

output "callback_ids" {
  description = "Callback ids by event."
  value       = { for event, callback in ecgrid_callback.each : event => callback.callback_id }
}
