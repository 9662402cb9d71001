"""What an error says that removes its cause: it names what this configuration and this environment have."""

from __future__ import annotations

import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.credential import Source, Sources
from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    NotConnected,
    NotEcgrid,
    NotFound,
    Unauthorized,
    UnusableCertificate,
)
from terraform_provider_ecgrid.callback.messages.destroy import error_not_destroyed
from terraform_provider_ecgrid.callback.messages.failures import add_failure
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from tests.unit.callback.scripted_access import said

KEY = Source("ECGRID_API_KEY", is_variable=True)
TOKEN = Source("ECGRID_ACCESS_TOKEN", is_variable=True)
URL, URL_VARIABLE = Source("base_url", is_variable=False), Source("ECGRID_BASE_URL", is_variable=True)
KEY_OLD = "If a newer API key was created, the old one stopped working at once."
TOKEN_OLD = "An access token is short-lived."
TESTED = " `terraform-provider-ecgrid check` tests the"


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (Sources("API key", KEY), f"Set ECGRID_API_KEY to a valid API key. {KEY_OLD}{TESTED} API key."),
        (
            Sources("access token", TOKEN, URL_VARIABLE),
            f"Set ECGRID_ACCESS_TOKEN to a valid access token. {TOKEN_OLD}{TESTED} access token.",
        ),
        # `check` reads the environment alone: it would ask with another key, or elsewhere.
        (
            Sources("API key", Source("api_key", is_variable=False)),
            f"Set `api_key` to a valid API key. {KEY_OLD}",
        ),
        (Sources("API key", KEY, URL), f"Set ECGRID_API_KEY to a valid API key. {KEY_OLD}"),
    ],
)
def test_a_refused_credential_is_set_where_it_was_taken_from(sources: Sources, told: str) -> None:
    diags = Diagnostics()
    add_failure(diags, RunLedger(), "Failed", Unauthorized("Refused.", base_url="https://x:443", sources=sources))
    assert said(diags) == [("error", "Failed", f"Refused. {told}")]


CONNECTION = f"{TESTED} connection step by step."
SANDBOX = (
    "Is the sandbox running? `terraform-provider-ecgrid sandbox` starts it. If you do not use the sandbox, correct"
)


@pytest.mark.parametrize(
    ("kind", "base_url", "source", "told"),
    [
        (NotConnected, "https://x:443", None, f"Check the proxy settings and the network.{CONNECTION}"),
        (NotConnected, "https://x:443", URL, "Check `base_url`, the proxy settings and the network."),
        (
            NotConnected,
            "https://x:443",
            URL_VARIABLE,
            f"The base URL comes from ECGRID_BASE_URL. Check it, the proxy settings and the network.{CONNECTION}",
        ),
        (NotConnected, "http://127.0.0.1:8080", URL, f"{SANDBOX} `base_url`."),
        (
            NotConnected,
            "http://[::1]:8080/gate",
            URL_VARIABLE,
            f"The base URL comes from ECGRID_BASE_URL. {SANDBOX} ECGRID_BASE_URL.{CONNECTION}",
        ),
        (
            UnusableCertificate,
            "https://localhost:8443",
            URL,
            "Check `base_url`, the proxy settings and the network.",
        ),
        (NotEcgrid, "https://x:443", None, f"Check the proxy settings.{CONNECTION}"),
        (NotEcgrid, "https://x:443", URL, "Check `base_url` (without `/v2`) and the proxy settings."),
        (
            NotEcgrid,
            "https://x:443",
            URL_VARIABLE,
            f"The base URL comes from ECGRID_BASE_URL. Check it (without `/v2`) and the proxy settings.{CONNECTION}",
        ),
    ],
)
def test_what_to_check_is_what_the_configuration_or_the_environment_has(
    kind: type[EcgridError], base_url: str, source: Source | None, told: str
) -> None:
    diags = Diagnostics()
    add_failure(diags, RunLedger(), "Failed", kind("No.", base_url=base_url, sources=Sources("API key", KEY, source)))
    assert said(diags) == [("error", "Failed", f"No. {told}")]


def test_a_variable_that_makes_connecting_impossible_is_named_and_nothing_else_is_to_be_checked() -> None:
    diags = Diagnostics()
    add_failure(diags, RunLedger(), "Failed", NotConnected("Cannot connect: SSL_CERT_FILE is wrong. Correct it."))
    assert said(diags) == [("error", "Failed", "Cannot connect: SSL_CERT_FILE is wrong. Correct it.")]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (None, "https://x:443 does not contain it. To remove"),
        (URL, "contain it. Check `base_url`. To remove"),
        (URL_VARIABLE, "contain it. Check ECGRID_BASE_URL. To remove"),
    ],
)
def test_a_destroy_that_another_404_ended_names_what_there_is_to_check(source: Source | None, told: str) -> None:
    diags = Diagnostics()
    error = NotFound("404.", status=404, base_url="https://x:443", sources=Sources("API key", KEY, source))
    error_not_destroyed(diags, RunLedger(), 7001, error)
    assert told in said(diags)[0][2]
