# Terraform 1.11 and newer. An ephemeral variable is in no plan and no state, and is given again at apply.
variable "webhook_password" {
  type      = string
  ephemeral = true
}

variable "webhook_password_version" {
  description = "Raise it together with a new password: a changed password alone is not sent."
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
