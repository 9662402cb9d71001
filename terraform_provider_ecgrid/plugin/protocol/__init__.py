"""The messages of Terraform's plugin protocol 6.10: `plugin6.proto`, and what `make protocol` generates from it."""
