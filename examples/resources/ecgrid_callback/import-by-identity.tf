import {
  to = ecgrid_callback.parcels
  identity = {
    callback_id = 7003
  }
}
