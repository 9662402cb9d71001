"""What to do about an error of the API client, and the end of the sentence "The provider will not work …"."""

from __future__ import annotations

from collections.abc import Mapping

from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    NoAnswer,
    NotConnected,
    NotEcgrid,
    RateLimited,
    ServerError,
    Unauthorized,
    UnsendableCredential,
    UntrustedCertificate,
)
from terraform_provider_ecgrid.check.step import Outcome, Step

_NONE: Mapping[str, object] = {}
_BUSY = "Wait a little and run `check` again; if it stays so, ask ECGrid's support."

_WORDS: tuple[tuple[type[EcgridError], str, str], ...] = (
    (UnsendableCredential, "Correct the value of {variable}.", "until the credential is corrected"),
    (
        Unauthorized,
        (
            "Put the credential into {variable} again. A new API key invalidates the old one at once, and an access "
            "token is short-lived."
        ),
        "until the credential is replaced",
    ),
    (
        UntrustedCertificate,
        (
            "If that is your company's authority, ask for its certificate as a PEM file and set SSL_CERT_FILE to that "
            "file. If you do not know it, do not trust it."
        ),
        "until the certificate is trusted",
    ),
    (
        NotConnected,
        "Check ECGRID_BASE_URL, HTTPS_PROXY, NO_PROXY and the network.",
        "until ECGrid can be reached",
    ),
    (
        NotEcgrid,
        (
            "Check ECGRID_BASE_URL: scheme and host, then a path only if a gateway needs one, without `/v2`. A proxy's "
            "or a sign-in page may also answer in ECGrid's place."
        ),
        "until the base URL leads to ECGrid",
    ),
    (RateLimited, _BUSY, "while ECGrid limits the requests"),
    (NoAnswer, _BUSY, "while ECGrid does not answer"),
    (ServerError, _BUSY, "while ECGrid fails to answer"),
)


def failed(name: str, error: EcgridError, variable: str, more: str = "", details: Mapping[str, object] = _NONE) -> Step:
    """Return the step that ends with an error.

    Args:
        name: the step's name.
        error: what went wrong.
        variable: the name of the variable that holds the credential.
        more: a sentence that says more about what went wrong.
        details: what else there is for a machine.
    """
    advice, until = next(
        ((advice, until) for kind, advice, until in _WORDS if isinstance(error, kind)),
        ("Correct what ECGrid names.", "until that is corrected"),
    )
    text = f"{error.headline} {more}".rstrip()
    told = {**details, "error": type(error).__name__, "http_status": error.status}
    return Step(name, Outcome.FAILED, text, advice.format(variable=variable), until, told)
