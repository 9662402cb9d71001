"""List resources: what `terraform query` finds (Terraform 1.14 and newer)."""
