resource "ecgrid_callback" "orders" {
  url   = "https://app.example.com/webhooks/orders"
  event = "Parcel"

  lifecycle {
    # After, never before: an action that reads its own resource cannot run before it.
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ecgrid_callback_test.smoke]
    }
  }
}

# By hand: terraform apply -invoke=action.ecgrid_callback_test.smoke
action "ecgrid_callback_test" "smoke" {
  config {
    callback_id = ecgrid_callback.orders.callback_id
  }
}
