"""Data sources: what ECGrid's lookups show, in Terraform's words."""
