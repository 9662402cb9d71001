resource "ecgrid_callback" "orders" {
  url   = "https://app.example.com/webhooks/orders"
  event = "Parcel"

  lifecycle {
    # Use only after_… events: an action that reads this resource cannot run before it exists.
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ecgrid_callback_test.smoke]
    }
  }
}

# To run it by hand: terraform apply -invoke=action.ecgrid_callback_test.smoke
action "ecgrid_callback_test" "smoke" {
  config {
    callback_id = ecgrid_callback.orders.callback_id
  }
}
