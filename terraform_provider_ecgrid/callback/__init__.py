"""One callback, in the words of a plan: Terraform's values on one side, typed requests on the other.

The door to the rooms that load the API's client, models and pydantic: `callback.read` imports that room when it is
first named. Half of the processes that Terraform starts only ask for schemas and validate, and many plans are of new
callbacks alone; the API's models and its HTTP client would cost each of them a tenth of a second.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback import create as create
    from terraform_provider_ecgrid.callback import delivery_test as delivery_test
    from terraform_provider_ecgrid.callback import destroy as destroy
    from terraform_provider_ecgrid.callback import find as find
    from terraform_provider_ecgrid.callback import generated_config as generated_config
    from terraform_provider_ecgrid.callback import move as move
    from terraform_provider_ecgrid.callback import plan as plan
    from terraform_provider_ecgrid.callback import private_state as private_state
    from terraform_provider_ecgrid.callback import queries as queries
    from terraform_provider_ecgrid.callback import read as read
    from terraform_provider_ecgrid.callback import rules as rules
    from terraform_provider_ecgrid.callback import update as update

_ROOMS = frozenset(
    [
        "create",
        "delivery_test",
        "destroy",
        "find",
        "generated_config",
        "move",
        "plan",
        "private_state",
        "queries",
        "read",
        "rules",
        "update",
    ]
)


def __getattr__(name: str) -> ModuleType:
    """Import a room; from then on it is a plain attribute of the package."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")
