moved {
  from = terraform_data.shipments
  to   = ecgrid_callback.shipments
}

resource "ecgrid_callback" "shipments" {
  url    = "https://app.example.com/webhooks/shipments"
  event  = "Parcel"
  status = "Active"
}
