terraform {
  required_version = ">= 1.6"

  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

variable "endpoint" {
  description = "The HTTPS endpoint that takes all of the events."
  type        = string
  default     = "https://app.example.com/webhooks/ecgrid"
}

variable "events" {
  description = "What is to raise a delivery. ECGrid registers one event a callback."
  type        = set(string)
  default     = ["Parcel", "Interchange", "Mailbox"]
}

variable "mailbox_id" {
  description = "The mailbox to register for; null for none."
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
  description = "The callbacks' ids by event."
  value       = { for event, callback in ecgrid_callback.each : event => callback.callback_id }
}
