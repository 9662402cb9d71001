data "ecgrid_mailbox" "acme" {
  name = "ACME-ORDERS"
}

# Registers a new callback for one mailbox. A destroy suspends it; without on_destroy it would delete it.
resource "ecgrid_callback" "invoices" {
  url            = "https://app.example.com/webhooks/invoices"
  event          = "Interchange"
  mailbox_id     = data.ecgrid_mailbox.acme.mailbox_id
  http_auth_type = "None"
  on_destroy     = "suspend"
}

variable "webhook_password" {
  description = "Password that ECGrid sends to the endpoint."
  type        = string
  sensitive   = true
}

# Takes over callback 7001, which exists. The apply sends what is configured here and leaves the rest as it is.
resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  url            = "https://app.example.com/webhooks/ecgrid-v2"
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = var.webhook_password
}

# Registers a new callback and has ECGrid call the endpoint after the apply, which warns unless it answers 200.
resource "ecgrid_callback" "parcels" {
  url             = "https://app.example.com/webhooks/parcels"
  event           = "Parcel"
  verify_delivery = true
}
