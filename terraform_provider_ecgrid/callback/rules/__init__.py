"""Every refusal of the resource: the contract's paragraph "Refused", in tables that are named after what they judge.

A rule looks at what is known and leaves the rest: Terraform validates and plans again during apply, when everything
is known.
"""

from terraform_provider_ecgrid.callback.rules.change import CHANGE, TAKE_OVER
from terraform_provider_ecgrid.callback.rules.configuration import CONFIGURATION, check_configuration
from terraform_provider_ecgrid.callback.rules.loss import ELSEWHERE, REPLACEMENT
from terraform_provider_ecgrid.callback.rules.table import Asked, check

__all__ = [
    "CHANGE",
    "CONFIGURATION",
    "ELSEWHERE",
    "REPLACEMENT",
    "TAKE_OVER",
    "Asked",
    "check",
    "check_configuration",
]
