"""One callback, in the words of a plan: Terraform's values on one side, typed requests on the other."""
