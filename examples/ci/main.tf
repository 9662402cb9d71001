# try.sh uses this configuration unless you name another folder.

terraform {
  required_version = ">= 1.6"

  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

# The base URL and the API key come from ECGRID_BASE_URL and ECGRID_API_KEY.
provider "ecgrid" {}

variable "orders_callback_id" {
  description = "ID of the callback to take over. A new sandbox has only callback 7001."
  type        = number
  default     = 7001
}

resource "ecgrid_callback" "orders" {
  callback_id = var.orders_callback_id
  url         = "https://app.example.com/webhooks/orders"
  status      = "Active"
}

resource "ecgrid_callback" "invoices" {
  url        = "https://app.example.com/webhooks/invoices"
  event      = "Interchange"
  mailbox_id = 12345
}
