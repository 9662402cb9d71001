"""The calls of plugin protocol 6.10, one file per subject."""
