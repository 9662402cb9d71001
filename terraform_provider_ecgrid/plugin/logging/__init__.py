"""Log lines as Terraform reads them, and the redaction of secrets."""
