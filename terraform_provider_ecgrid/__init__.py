"""A Terraform provider for ECGrid callbacks, the webhook registrations of an EDI network."""

__version__ = "0.1.0"
