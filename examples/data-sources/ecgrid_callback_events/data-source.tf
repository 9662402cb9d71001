data "ecgrid_callback_events" "today" {
  callback_id = 7001
  begin_date  = "2026-05-07T00:00:00Z"
  limit       = 100
}

# Deliveries that the endpoint has not answered with 200. Those that are still waiting are included.
output "failed_deliveries" {
  value = [
    for event in data.ecgrid_callback_events.today.events : event.callback_event_id
    if event.http_status != 200
  ]
}
