# Terraform 1.12 and newer.
import {
  to = ecgrid_callback.orders
  identity = {
    callback_id = 7001
  }
}

resource "ecgrid_callback" "orders" {
  url   = "https://app.example.com/webhooks/ecgrid-v2"
  event = "Parcel"
}
