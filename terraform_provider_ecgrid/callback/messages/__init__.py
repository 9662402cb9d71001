"""Every warning and every error, in words; nowhere else. (What a table of `rules` refuses is worded there.)

`warn_…` adds a warning, `error_…` an error. Terraform shows warnings of one summary as one, so a summary names a
callback only if the warning of each callback must be shown.
"""
