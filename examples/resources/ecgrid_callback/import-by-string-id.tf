import {
  to = ecgrid_callback.invoices
  id = "7002"
}
