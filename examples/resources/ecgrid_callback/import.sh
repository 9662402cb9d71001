# The id is the callbackId that ECGrid gave. A callback that has never fired may not be listed by ECGrid;
# take it over with callback_id = 7002 instead.
terraform import ecgrid_callback.invoices 7002
