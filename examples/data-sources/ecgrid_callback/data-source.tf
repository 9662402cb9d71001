data "ecgrid_callback" "orders" {
  callback_id = 7001
}

output "orders_status" {
  value = data.ecgrid_callback.orders.status
}

# Every plan and apply warns if the endpoint did not answer 200 to the last delivery. 0 means no connection. The check
# also passes before the first delivery. In the model "events" it always passes, because ECGrid does not show the last attempt.
# The data source is inside the check, so a failed read is a warning and not an error.
check "orders_delivered" {
  data "ecgrid_callback" "last" {
    callback_id = 7001
  }

  assert {
    condition     = data.ecgrid_callback.last.last_attempt == null || data.ecgrid_callback.last.last_http_status == 200
    error_message = "The endpoint of callback 7001 did not answer 200 to the last delivery."
  }
}
