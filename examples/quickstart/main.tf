# Takes over callback 7001, which exists in every new sandbox, and manages it from then on.
#
#   terraform-provider-ecgrid install
#   terraform-provider-ecgrid sandbox          # prints two export lines for this shell
#   terraform init && terraform apply

terraform {
  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

# Address and key come from ECGRID_BASE_URL and ECGRID_API_KEY.
provider "ecgrid" {}

variable "endpoint" {
  description = "Where ECGrid posts events to."
  type        = string
  default     = "https://app.example.com/webhooks/ecgrid-v2"
}

# A password of your own has no default: set TF_VAR_webhook_password. This one is for the sandbox alone.
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
  description = "What raises the callback; the API's word, because the configuration leaves it alone."
  value       = ecgrid_callback.orders.event
}
