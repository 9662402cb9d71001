"""A client of the ECGrid callbacks API (REST v2.6). It knows nothing of Terraform."""
