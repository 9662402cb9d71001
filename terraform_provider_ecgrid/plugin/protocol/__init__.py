"""The messages of Terraform's plugin protocol 6.10: `plugin6.proto`, and what `make protocol` generates from it."""

PROVIDER = "/tfplugin6.Provider/"
"""What the path of each of the provider's calls begins with; its name follows."""
