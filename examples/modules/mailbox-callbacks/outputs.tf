output "callback_ids" {
  description = "Callback ids by key."
  value       = { for key, callback in ecgrid_callback.this : key => callback.callback_id }
}

output "urls" {
  description = "Endpoint URLs by key."
  value       = { for key, callback in ecgrid_callback.this : key => callback.url }
}
