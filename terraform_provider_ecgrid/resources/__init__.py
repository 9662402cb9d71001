"""Resources, as Terraform calls them."""
