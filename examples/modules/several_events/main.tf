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

resource "ecgrid_callback" "each" {
  for_each = var.events
  url      = var.endpoint
  event    = each.value
}

output "callback_ids" {
  value = { for event, callback in ecgrid_callback.each : event => callback.callback_id }
}
