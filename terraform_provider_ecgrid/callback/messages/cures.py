"""What removes the cause of an error that the API client raises."""

from __future__ import annotations

from urllib.parse import urlsplit

from terraform_provider_ecgrid.api.base_url import is_loopback
from terraform_provider_ecgrid.api.credential import VALIDITY
from terraform_provider_ecgrid.api.errors import (
    AccessDenied,
    DuplicateObject,
    EcgridError,
    NotConnected,
    NotEcgrid,
    NotFound,
    RateLimited,
    Refused,
    Unauthorized,
    UnusableCertificate,
)
from terraform_provider_ecgrid.callback.phrases import listed

_CURES: tuple[tuple[type[EcgridError], str], ...] = (
    (AccessDenied, "Use a credential that is allowed to do this. Network-level calls need the role `NetworkAdmin`."),
    (RateLimited, "Wait, or lower `-parallelism`."),
    (NotFound, ""),  # for these two that depends on what was asked for
    (DuplicateObject, ""),
)


def cure(error: EcgridError) -> str:
    """Return what removes the cause; empty if that depends on what was asked for.

    What to do then depends on what may have been carried out: the caller's last sentence.
    """
    if isinstance(error, Unauthorized):
        return _renewed_credential(error)
    if isinstance(error, NotEcgrid):
        return _base_url_and(error, " (without `/v2`)", "the proxy settings")
    if isinstance(error, NotConnected):
        return _connection(error)
    for kind, words in _CURES:
        if isinstance(error, kind):
            return words
    if not isinstance(error, Refused):
        return ""
    if error.message:
        return "Correct the problem that ECGrid reports."
    return "ECGrid gave no reason. Compare the configuration with ECGrid's documentation, or contact ECGrid's support."


def base_url_name(error: EcgridError) -> str:
    """Return the argument or variable that the base URL was taken from; empty if it is the default."""
    source = error.sources.base_url if error.sources else None
    return source.short if source else ""


def is_silent_sandbox(error: EcgridError) -> bool:
    """Say whether an error may be that of a sandbox that does not run: nothing answers on this machine."""
    # At a bad certificate something did answer.
    nothing_answers = isinstance(error, NotConnected) and not isinstance(error, UnusableCertificate)
    return nothing_answers and is_at_loopback(error.base_url)


def is_at_loopback(base_url: str) -> bool:
    """Say whether a base URL is this machine's own, as a sandbox's is."""
    return is_loopback(urlsplit(base_url).hostname or "")


def _renewed_credential(error: EcgridError) -> str:
    if error.sources is None or error.sources.credential is None:
        return "Set a valid credential."
    name, source = error.sources.credential_name, error.sources.credential
    tested = f" `terraform-provider-ecgrid check` tests the {name}." if _is_from_environment(error) else ""
    return f"Set {source.short} to a valid {name}. {VALIDITY[name]}{tested}"


def _connection(error: EcgridError) -> str:
    if error.sources is None:
        return ""  # nothing was sent: the headline says which variable to correct
    if not is_silent_sandbox(error):
        return _base_url_and(error, "", "the proxy settings", "the network")
    name = base_url_name(error)
    return (
        f"{_comes_from(error)}Is the sandbox running? `terraform-provider-ecgrid sandbox` starts it. If you do not use "
        f"the sandbox, correct {name}.{_tested_connection(error)}"
    )


def _base_url_and(error: EcgridError, note: str, *others: str) -> str:
    """Return what to check, the base URL first unless it is the default."""
    comes_from, name = _comes_from(error), base_url_name(error)
    checked = [f"{'it' if comes_from else name}{note}", *others] if name else list(others)
    return f"{comes_from}Check {listed(checked)}.{_tested_connection(error)}"


def _tested_connection(error: EcgridError) -> str:
    told = " `terraform-provider-ecgrid check` tests the connection step by step."
    return told if _is_from_environment(error) else ""


def _comes_from(error: EcgridError) -> str:
    """Return the sentence that names the variable of the base URL, which no configuration shows."""
    source = error.sources.base_url if error.sources else None
    return f"The base URL comes from {source.name}. " if source and source.is_variable else ""


def _is_from_environment(error: EcgridError) -> bool:
    """Say whether `check`, which reads the environment alone, asks with this credential at this base URL."""
    sources = error.sources
    if sources is None or sources.credential is None or not sources.credential.is_variable:
        return False
    return sources.base_url is None or sources.base_url.is_variable
