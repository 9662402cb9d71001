"""What stands around callbacks, in Terraform's words: mailboxes, and the user whose credential this is. Only read.

The door to `queries`, which is imported when it is first named, as `callback` does it and for the same reason.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from terraform_provider_ecgrid.account import queries as queries


def __getattr__(name: str) -> ModuleType:
    """Import the room; from then on it is a plain attribute of the package."""
    if name != "queries":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")
