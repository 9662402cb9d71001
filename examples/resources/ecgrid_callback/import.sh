# The id is the callbackId of ECGrid. ECGrid may not list a callback that has never fired. If the import does not
# find it, set callback_id = 7002 to take it over instead.
terraform import ecgrid_callback.invoices 7002
