"""The first step: what the environment's variables say."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.base_url import DEFAULT_BASE_URL, without_space_around
from terraform_provider_ecgrid.check.step import Outcome, Step
from terraform_provider_ecgrid.plugin.authoring import conceal
from terraform_provider_ecgrid.session import Session, session_of

CREDENTIALS = {"ECGRID_API_KEY": "API key", "ECGRID_ACCESS_TOKEN": "access token"}
"""The variables that may hold a credential, in the order in which they count, with the words for it."""

_OTHERS = {"ECGRID_BASE_URL": "base URL", "ECGRID_NETWORK_ID": "network"}
# One further attempt instead of four: a person waits, and reads of a host that cannot be reached a minute earlier.
_MAX_RETRIES = 1


def read_environment() -> tuple[Session, Step]:
    """Begin a run as a provider block without arguments does, and say which variables count."""
    for name in CREDENTIALS:
        conceal(os.environ.get(name, ""))
    diags = Diagnostics()
    session = session_of(diags, {"max_retries": _MAX_RETRIES}, threading.Event())
    given = [name for name in CREDENTIALS if os.environ.get(name)]
    given += [name for name in _OTHERS if without_space_around(os.environ.get(name, ""))]
    details: dict[str, object] = {"set": given, "used": _used(given)}
    if diags.has_errors():
        return session, _failed(diags, given, details)
    return session, Step("environment", Outcome.OK, _told(given), details=details)


def credential_variable() -> str:
    """Return the name of the variable whose credential counts."""
    return next(name for name in CREDENTIALS if os.environ.get(name))


def unusable_variable(name: str, text: str, details: Mapping[str, object]) -> Step:
    """Return the step of this name that ends because of an environment variable, which `text` names."""
    advice, until = "Correct the variable, or unset it.", "until the environment variable is corrected"
    return Step(name, Outcome.FAILED, text, advice, until, details)


def _used(given: list[str]) -> list[str]:
    credentials = [name for name in given if name in CREDENTIALS]
    return credentials[:1] + [name for name in given if name in _OTHERS]


def _told(given: list[str]) -> str:
    used = _used(given)
    words = CREDENTIALS | _OTHERS
    parts = [f"{words[name]} from {name}" for name in used]
    if "ECGRID_BASE_URL" not in given:
        parts.append(f"default base URL {DEFAULT_BASE_URL}")
    ignored = [f"{name} is also set, but ignored" for name in given if name not in used]
    return "; ".join([", ".join(parts), *ignored]) + "."


def _failed(diags: Diagnostics, given: list[str], details: dict[str, object]) -> Step:
    problem = diags.diagnostics[0]
    if any(name in CREDENTIALS for name in given):
        return unusable_variable("environment", f"{problem.summary}. {problem.detail}", details)
    empty = "; an empty value counts as unset" if any(name in os.environ for name in CREDENTIALS) else ""
    return Step(
        "environment",
        Outcome.FAILED,
        f"No credential. Neither {' nor '.join(CREDENTIALS)} is set{empty}.",
        "In this shell, set ECGRID_API_KEY to your API key. `check` does not read a provider block.",
        "until a credential is set",
        details,
    )
