"""The sandbox's page in a real browser, as its readers see, hear and use it."""
