# Takes over callback 7001, which exists in every new sandbox, and manages it.
#
#   terraform-provider-ecgrid install
#   terraform-provider-ecgrid sandbox          # in another shell; paste its two export lines here
#   terraform init && terraform apply

terraform {
  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

# The base URL and the API key come from ECGRID_BASE_URL and ECGRID_API_KEY.
provider "ecgrid" {}

variable "endpoint" {
  description = "URL that ECGrid sends events to."
  type        = string
  default     = "https://app.example.com/webhooks/ecgrid-v2"
}

# This default is for the sandbox only. For your own password, remove it and set TF_VAR_webhook_password.
variable "webhook_password" {
  description = "Password that ECGrid sends to the endpoint."
  type        = string
  sensitive   = true
  default     = "n3wP@ssword!"
}

resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  url            = var.endpoint
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = var.webhook_password
}

output "event" {
  description = "Event that causes a delivery. It comes from ECGrid, because the configuration does not set it."
  value       = ecgrid_callback.orders.event
}
