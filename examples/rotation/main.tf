terraform {
  required_version = ">= 1.11"

  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

# Ephemeral: Terraform writes the value into no plan and no state. Set TF_VAR_webhook_password, for a saved plan when
# it is made and again when it is applied.
variable "webhook_password" {
  description = "Password that ECGrid sends to the endpoint."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "webhook_password_version" {
  description = "Raised with each new password: a changed password alone is not sent."
  type        = number
  default     = 1
}

resource "ecgrid_callback" "orders" {
  url                 = "https://app.example.com/webhooks/orders"
  event               = "Parcel"
  http_auth_type      = "Basic"
  username            = "webhook_user"
  password_wo         = var.webhook_password
  password_wo_version = var.webhook_password_version
}
