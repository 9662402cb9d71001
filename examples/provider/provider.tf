terraform {
  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}

variable "ecgrid_api_key" {
  description = "ECGrid API key. If null, the provider reads ECGRID_API_KEY."
  type        = string
  sensitive   = true
  default     = null
}

provider "ecgrid" {
  api_key         = var.ecgrid_api_key
  request_timeout = 30
  max_retries     = 4
}

data "ecgrid_mailbox" "acme" {
  name = "ACME-ORDERS"
}

resource "ecgrid_callback" "orders" {
  url        = "https://app.example.com/webhooks/orders"
  event      = "Parcel"
  mailbox_id = data.ecgrid_mailbox.acme.mailbox_id
}
