# What try.sh plans and applies unless it is given another folder.

terraform {
  required_version = ">= 1.6"

  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

# Address and key come from ECGRID_BASE_URL and ECGRID_API_KEY.
provider "ecgrid" {}

variable "orders_callback_id" {
  description = "The callback to take over. Every new sandbox has 7001 and no other."
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
