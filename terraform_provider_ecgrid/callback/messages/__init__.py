"""Every warning and every error, in words; nowhere else. (What a table of `rules` refuses is worded there.)

`warn_…` adds a warning, `error_…` an error. The summary of a warning names a kind of consequence and no callback:
Terraform shows warnings of one summary as one.
"""
