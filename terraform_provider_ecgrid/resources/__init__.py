"""Resources: Terraform's words on one side, typed requests to the API client on the other."""
