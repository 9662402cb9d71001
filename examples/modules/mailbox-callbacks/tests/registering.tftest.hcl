# Needs ECGRID_BASE_URL and ECGRID_API_KEY of a sandbox. These tests really register callbacks, and delete them at the
# end.

variables {
  mailbox_id = 12345
  passwords  = {} # Terraform's tests need a value for an ephemeral variable, even if it has a default.
  callbacks = {
    orders = {
      url   = "https://app.example.com/webhooks/orders"
      event = "Parcel"
    }
  }
}

run "defaults" {
  assert {
    condition     = keys(output.callback_ids) == ["orders"] && output.callback_ids["orders"] > 0
    error_message = "The output does not have exactly one id, with the key orders."
  }

  assert {
    condition     = output.urls == { orders = "https://app.example.com/webhooks/orders" }
    error_message = "The URL is not the configured one."
  }

  assert {
    condition = (
      ecgrid_callback.this["orders"].status == "Active"
      && ecgrid_callback.this["orders"].mailbox_id == 12345
      && ecgrid_callback.this["orders"].on_destroy == "delete"
    )
    error_message = "The defaults are not: active, in the configured mailbox, and deleted on destroy."
  }
}

run "the_same_mailbox_by_its_name_keeps_the_callback" {
  variables {
    mailbox_id   = null
    mailbox_name = "ACME-ORDERS" # what the sandbox calls mailbox 12345
  }

  assert {
    condition     = output.callback_ids == run.defaults.callback_ids
    error_message = "The callback was replaced."
  }
}

run "a_changed_status_keeps_the_callback" {
  variables {
    callbacks = {
      orders = {
        url    = "https://app.example.com/webhooks/orders"
        event  = "Parcel"
        status = "Suspended"
      }
    }
  }

  assert {
    condition     = ecgrid_callback.this["orders"].status == "Suspended"
    error_message = "The status is not the configured one."
  }

  assert {
    condition     = output.callback_ids == run.defaults.callback_ids
    error_message = "The callback was replaced."
  }
}

run "more_keys_leave_the_first_alone" {
  variables {
    callbacks = {
      orders = {
        url    = "https://app.example.com/webhooks/orders"
        event  = "Parcel"
        status = "Suspended"
      }
      interchanges = {
        url   = "https://app.example.com/webhooks/orders"
        event = "Interchange"
      }
      partners = {
        url              = "https://partner.example.com/ecgrid"
        event            = "Parcel"
        http_auth_type   = "Basic"
        username         = "webhook_user"
        password_version = 1
      }
    }
    passwords = { partners = "only-f0r-the-sandbox" }
  }

  assert {
    condition     = keys(output.callback_ids) == ["interchanges", "orders", "partners"]
    error_message = "The keys of the ids are not the configured keys."
  }

  assert {
    condition     = length(distinct(values(output.callback_ids))) == 3
    error_message = "Two keys share a callback."
  }

  assert {
    condition     = output.callback_ids["orders"] == run.defaults.callback_ids["orders"]
    error_message = "A new key replaced another key's callback."
  }

  assert {
    condition     = ecgrid_callback.this["partners"].password_wo == null
    error_message = "A password is in the state."
  }
}

run "a_removed_key_leaves_the_others_alone" {
  variables {
    callbacks = {
      interchanges = {
        url   = "https://app.example.com/webhooks/orders"
        event = "Interchange"
      }
      partners = {
        url              = "https://partner.example.com/ecgrid"
        event            = "Parcel"
        http_auth_type   = "Basic"
        username         = "webhook_user"
        password_version = 1
      }
    }
  }

  assert {
    condition = output.callback_ids == {
      for key, id in run.more_keys_leave_the_first_alone.callback_ids : key => id if key != "orders"
    }
    error_message = "The other callbacks did not stay as they were."
  }
}
