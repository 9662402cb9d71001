"""The command `check`: before the first plan, what the provider will be able to do with this environment.

It asks with the provider's own session, client and lookups, so that what it says is what a plan will do. It only reads.
"""
