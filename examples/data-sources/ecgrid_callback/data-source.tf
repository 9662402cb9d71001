data "ecgrid_callback" "orders" {
  callback_id = 7001
}

# Terraform 1.5 and newer: warns after every plan and apply while the last delivery was not answered by 200.
check "orders_are_delivered" {
  data "ecgrid_callback" "last" {
    callback_id = 7001
  }

  assert {
    condition     = data.ecgrid_callback.last.last_http_status == 200
    error_message = "The last delivery of callback 7001 was answered by ${coalesce(data.ecgrid_callback.last.last_http_status, 0)}."
  }
}

output "endpoint" {
  value = data.ecgrid_callback.orders.url
}
