terraform {
  required_version = ">= 1.11"

  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

# Ephemeral: Terraform does not write the value into a plan or state file. Set TF_VAR_webhook_password. If you apply a
# saved plan, set the variable for both commands, plan and apply.
variable "webhook_password" {
  description = "Password that ECGrid sends to the endpoint."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "webhook_password_version" {
  description = "Increase it with each new password. A changed password alone is not sent."
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
