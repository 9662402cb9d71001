data "ecgrid_callback" "orders" {
  callback_id = 7001
}

output "orders_status" {
  value = data.ecgrid_callback.orders.status
}

# Every plan and apply warns while the last delivery was not answered by 200; 0 means no connection. A callback that was
# never tried passes. The data source stands inside, so that one which cannot be read is a warning too.
check "orders_delivered" {
  data "ecgrid_callback" "last" {
    callback_id = 7001
  }

  assert {
    condition     = data.ecgrid_callback.last.last_attempt == null || data.ecgrid_callback.last.last_http_status == 200
    error_message = "ECGrid's last delivery of callback 7001 was not answered by 200."
  }
}
