data "ecgrid_mailbox" "acme" {
  name = "ACME-ORDERS"
}

# Registers a new callback for one mailbox. A destroy suspends it. Without on_destroy, a destroy deletes it.
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

# Takes over the existing callback 7001. The apply sends the arguments below and leaves the rest as it is.
resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  url            = "https://app.example.com/webhooks/ecgrid-v2"
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = var.webhook_password
}

# Registers a new callback. After that, ECGrid calls the endpoint, and the apply warns unless the endpoint answers 200.
resource "ecgrid_callback" "parcels" {
  url             = "https://app.example.com/webhooks/parcels"
  event           = "Parcel"
  verify_delivery = true
}
