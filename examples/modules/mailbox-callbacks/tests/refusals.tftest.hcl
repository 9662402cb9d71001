# Tests what the module itself refuses. Needs no sandbox and no key.

mock_provider "ecgrid" {}

variables {
  mailbox_id = 12345
  callbacks  = {}
}

run "an_empty_map_is_allowed" {
  command = plan

  assert {
    condition     = output.callback_ids == {} && output.urls == {}
    error_message = "There are callbacks, but the configuration has none."
  }
}

run "an_unknown_event" {
  command = plan
  variables {
    callbacks = { orders = { url = "https://app.example.com/webhooks/orders", event = "Parcels" } }
  }
  expect_failures = [var.callbacks]
}

run "a_url_without_tls" {
  command = plan
  variables {
    callbacks = { orders = { url = "http://app.example.com/webhooks/orders", event = "Parcel" } }
  }
  expect_failures = [var.callbacks]
}

run "a_url_with_credentials" {
  command = plan
  variables {
    callbacks = { orders = { url = "https://user:secret@app.example.com/webhooks/orders", event = "Parcel" } }
  }
  expect_failures = [var.callbacks]
}

run "a_permanent_status" {
  command = plan
  variables {
    callbacks = {
      orders = { url = "https://app.example.com/webhooks/orders", event = "Parcel", status = "Terminated" }
    }
  }
  expect_failures = [var.callbacks]
}

run "a_url_as_a_key" {
  command = plan
  variables {
    callbacks = {
      "https://app.example.com" = { url = "https://app.example.com/webhooks/orders", event = "Parcel" }
    }
  }
  expect_failures = [var.callbacks]
}

run "a_misspelled_authentication" {
  command = plan
  variables {
    callbacks = {
      orders = { url = "https://app.example.com/webhooks/orders", event = "Parcel", http_auth_type = "basic" }
    }
  }
  expect_failures = [var.callbacks]
}

run "authentication_without_a_username" {
  command = plan
  variables {
    callbacks = {
      orders = {
        url              = "https://app.example.com/webhooks/orders"
        event            = "Parcel"
        http_auth_type   = "Basic"
        password_version = 1
      }
    }
  }
  expect_failures = [var.callbacks]
}

run "a_permanent_on_destroy" {
  command = plan
  variables {
    callbacks = {
      orders = { url = "https://app.example.com/webhooks/orders", event = "Parcel", on_destroy = "terminate" }
    }
  }
  expect_failures = [var.callbacks]
}

run "two_keys_with_the_same_event_and_url" {
  command = plan
  variables {
    callbacks = {
      orders = { url = "https://app.example.com/webhooks/orders", event = "Parcel" }
      again  = { url = "https://app.example.com/webhooks/orders", event = "Parcel" }
    }
  }
  expect_failures = [var.callbacks]
}

run "a_mailbox_id_out_of_range" {
  command = plan
  variables {
    mailbox_id = 0
  }
  expect_failures = [var.mailbox_id]
}

run "a_mailbox_by_name_and_by_id" {
  command = plan
  variables {
    mailbox_name = "ACME-ORDERS"
  }
  expect_failures = [var.mailbox_name]
}

run "no_mailbox" {
  command = plan
  variables {
    mailbox_id = null
  }
  expect_failures = [var.mailbox_name]
}

run "a_mailbox_by_its_name" {
  command = plan
  override_data {
    target = data.ecgrid_mailbox.this
    values = { mailbox_id = 77 }
  }
  variables {
    mailbox_id   = null
    mailbox_name = "ACME-ORDERS"
    callbacks    = { orders = { url = "https://app.example.com/webhooks/orders", event = "Parcel" } }
  }

  assert {
    condition     = ecgrid_callback.this["orders"].mailbox_id == 77
    error_message = "The callback does not belong to the named mailbox."
  }
}

run "a_password_without_a_callback" {
  command = plan
  variables {
    passwords = { orders = "only-f0r-the-sandbox" }
  }
  expect_failures = [var.passwords]
}
