"""Actions: what ECGrid is asked to do once, without a state (Terraform 1.14 and newer)."""
