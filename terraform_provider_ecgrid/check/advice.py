"""What to do about an error of the API client, and the end of the sentence "The provider will not work …"."""

from __future__ import annotations

from collections.abc import Mapping

from terraform_provider_ecgrid.api.credential import VALIDITY
from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    NoAnswer,
    NotConnected,
    NotEcgrid,
    RateLimited,
    ServerError,
    Unauthorized,
    UntrustedCertificate,
)
from terraform_provider_ecgrid.callback.messages.cures import is_silent_sandbox
from terraform_provider_ecgrid.check.environment import CREDENTIALS
from terraform_provider_ecgrid.check.step import Outcome, Step

_NONE: Mapping[str, object] = {}
_BUSY = "Wait a few minutes, then run `check` again. If it still fails, contact ECGrid's support."

_WORDS: tuple[tuple[type[EcgridError], str, str], ...] = (
    (
        Unauthorized,
        "Set {variable} to a valid {credential}. {validity}",
        "until the credential is replaced",
    ),
    (
        UntrustedCertificate,
        (
            "If your company issued the certificate, ask for the certificate of its authority as a PEM file, and set "
            "SSL_CERT_FILE to the path of that file. If you do not know the issuer, do not trust it."
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
            "Check ECGRID_BASE_URL. It needs a scheme and a host, a path only if a gateway asks for one, and no `/v2`. "
            "A proxy or a sign-in page may also have answered instead of ECGrid."
        ),
        "until the base URL leads to ECGrid",
    ),
    (RateLimited, _BUSY, "while ECGrid limits your requests"),
    (NoAnswer, _BUSY, "while ECGrid does not answer"),
    (ServerError, _BUSY, "while ECGrid answers with errors"),
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
        ("Correct the problem that ECGrid reports.", "until that problem is corrected"),
    )
    if is_silent_sandbox(error):
        advice = (
            "Is the sandbox running? `terraform-provider-ecgrid sandbox` starts it. Otherwise, correct ECGRID_BASE_URL."
        )
    text = f"{error.headline} {more}".rstrip()
    told = {**details, "error": type(error).__name__, "http_status": error.status}
    credential = CREDENTIALS[variable]
    advice = advice.format(variable=variable, credential=credential, validity=VALIDITY[credential])
    return Step(name, Outcome.FAILED, text, advice, until, told)
