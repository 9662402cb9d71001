output "callback_ids" {
  description = "ECGrid's ids of the callbacks by key."
  value       = { for key, callback in ecgrid_callback.this : key => callback.callback_id }
}

output "urls" {
  description = "The callbacks' endpoints by key."
  value       = { for key, callback in ecgrid_callback.this : key => callback.url }
}
