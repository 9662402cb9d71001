"""A local ECGrid callbacks API: for people who try a configuration, and for the tests.

ECGrid offers no sandbox host. This package is written from the vendor's REST reference (v2.6) alone and shares no model
with `terraform_provider_ecgrid.api`, so that a mistake in one of the two shows in the other. The provider never imports
it.
"""
