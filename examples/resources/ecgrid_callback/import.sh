# The id is ECGrid's callbackId. ECGrid may not show a callback that has never fired. If the import does not find the
# callback, take it over with callback_id = 7002 instead.
terraform import ecgrid_callback.invoices 7002
