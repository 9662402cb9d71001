"""The command `check`: what the provider will be able to do with this environment, before the first plan.

It uses the provider's own session, client and lookups, so its result is what a plan will meet. It only reads.
"""
