terraform {
  # For ephemeral variables and write-only arguments.
  required_version = ">= 1.11"

  required_providers {
    ecgrid = {
      source  = "ecgrid/ecgrid"
      version = ">= 0.1"
    }
  }
}
