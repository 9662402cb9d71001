"""A server of Terraform's plugin protocol 6.10 for providers that are written against `tf`."""
