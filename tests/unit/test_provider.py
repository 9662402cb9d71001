"""The provider block without Terraform: every argument, the environment behind it, and what the client is made of."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pydantic import SecretStr
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api.client import AccessToken, ApiKey
from terraform_provider_ecgrid.api.credential import Source
from terraform_provider_ecgrid.api.errors import ProviderNotReady
from terraform_provider_ecgrid.plugin.authoring import ConfigureContext
from terraform_provider_ecgrid.plugin.logging import redaction
from terraform_provider_ecgrid.provider import EcgridProvider

ARGUMENTS = ("api_key", "access_token", "base_url", "request_timeout", "max_retries")
VARIABLES = ("ECGRID_API_KEY", "ECGRID_ACCESS_TOKEN", "ECGRID_BASE_URL", "TF_APPEND_USER_AGENT")


class Made:
    """Stands for the client, and keeps what it was made of."""

    def __init__(self, base_url: str, credential: ApiKey | AccessToken, **options: Any) -> None:
        self.base_url, self.credential, self.options = base_url, credential, options


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with one credential in it, and a client that connects to nothing."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ECGRID_API_KEY", "key-of-environment")
    monkeypatch.setattr("terraform_provider_ecgrid.api.client.Client", Made)


def secret(value: str) -> SecretStr:
    return SecretStr(value)


def configure(**arguments: Any) -> tuple[EcgridProvider, Diagnostics]:
    provider, ctx = EcgridProvider(), ConfigureContext(Diagnostics())
    provider.configure_with_context(ctx, dict.fromkeys(ARGUMENTS) | arguments)
    return provider, ctx.diagnostics


def made(**arguments: Any) -> Any:
    provider, diagnostics = configure(**arguments)
    assert not diagnostics.has_errors(), found(diagnostics)
    return provider.session.client()


def found(diagnostics: Diagnostics) -> list[tuple[str, Any, str]]:
    return [(one.summary, one.path, one.detail or "") for one in diagnostics.diagnostics]


def test_defaults() -> None:
    client = made()
    assert client.base_url == "https://rest.ecgrid.io"
    assert client.options["request_timeout"] == 30
    assert client.options["max_retries"] == 4
    assert client.options["user_agent"] == f"terraform-provider-ecgrid/{__version__}"


def test_the_credential_is_that_of_the_configuration_whatever_the_environment_holds_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider, _ = configure()
    assert "key-of-environment" not in redaction.redact("it is key-of-environment")
    monkeypatch.setenv("ECGRID_API_KEY", "a-later-key")
    client: Any = provider.session.client()
    assert client.credential.value.get_secret_value() == "key-of-environment"
    assert "key-of-environment" not in repr(vars(provider.session))


def test_arguments_reach_the_client() -> None:
    client = made(base_url="https://ecgrid.example", request_timeout=2.5, max_retries=0)
    assert (client.base_url, client.options["request_timeout"], client.options["max_retries"]) == (
        "https://ecgrid.example",
        2.5,
        0,
    ), "zero retries are not the default"


def test_there_is_one_client_and_it_hears_of_a_stop() -> None:
    provider, stop = EcgridProvider(), threading.Event()
    provider.configure_with_context(ConfigureContext(Diagnostics(), stop=stop), dict.fromkeys(ARGUMENTS))
    client: Any = provider.session.client()
    again: Any = provider.session.client()
    assert again is client
    assert client.options["stop"] is stop


KEY_ARGUMENT, KEY_VARIABLE = Source("api_key", is_variable=False), Source("ECGRID_API_KEY", is_variable=True)
TOKEN_ARGUMENT = Source("access_token", is_variable=False)
TOKEN_VARIABLE = Source("ECGRID_ACCESS_TOKEN", is_variable=True)


@pytest.mark.parametrize(
    ("arguments", "environment", "credential"),
    [
        ({"api_key": secret("c")}, {"ECGRID_ACCESS_TOKEN": "e"}, ApiKey(secret("c"), KEY_ARGUMENT)),
        ({"access_token": secret("c")}, {}, AccessToken(secret("c"), TOKEN_ARGUMENT)),
        ({}, {"ECGRID_ACCESS_TOKEN": "e"}, ApiKey(secret("key-of-environment"), KEY_VARIABLE)),
        ({}, {"ECGRID_ACCESS_TOKEN": "e", "ECGRID_API_KEY": ""}, AccessToken(secret("e"), TOKEN_VARIABLE)),
        (
            {"api_key": secret("")},
            {"ECGRID_ACCESS_TOKEN": "e", "ECGRID_API_KEY": ""},
            AccessToken(secret("e"), TOKEN_VARIABLE),
        ),
        ({"api_key": secret(""), "access_token": secret("c")}, {}, AccessToken(secret("c"), TOKEN_ARGUMENT)),
    ],
    ids=["configured key", "configured token", "key first", "empty variable", "empty argument", "empty beside another"],
)
def test_credential_that_counts(
    monkeypatch: pytest.MonkeyPatch,
    arguments: dict[str, Any],
    environment: dict[str, str],
    credential: ApiKey | AccessToken,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert made(**arguments).credential == credential


@pytest.mark.parametrize("source", ["argument", "variable"])
def test_the_credential_is_kept_out_of_logs(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    value = f"s3cr3t-of-the-{source}"
    monkeypatch.setenv("ECGRID_API_KEY", value)
    provider, _ = configure(**({"api_key": secret(value)} if source == "argument" else {}))
    assert value not in redaction.redact(f"a header {value} in somebody's words")
    assert value not in repr(vars(provider.session))


def test_the_environments_base_url_counts_where_none_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGRID_BASE_URL", "https://env.example")
    assert made().base_url == "https://env.example"
    assert made(base_url="https://conf.example").base_url == "https://conf.example"
    for empty in ("", " \r\n"):
        monkeypatch.setenv("ECGRID_BASE_URL", empty)
        assert made().base_url == "https://rest.ecgrid.io"


@pytest.mark.parametrize("around", ["{}\n", "\r\n\t {}\r\n", "\ufeff{}\u200b\n", "\xa0{}\u2028"])
@pytest.mark.parametrize("source", ["argument", "variable"])
def test_white_space_around_a_base_url_is_dropped(monkeypatch: pytest.MonkeyPatch, around: str, source: str) -> None:
    url = around.format("https://ecgrid.example/gate")
    if source == "variable":
        monkeypatch.setenv("ECGRID_BASE_URL", url)
    assert made(**({"base_url": url} if source == "argument" else {})).base_url == "https://ecgrid.example/gate"


def test_what_the_environment_appends_to_the_user_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_APPEND_USER_AGENT", "  ci/1 ")
    assert made().options["user_agent"] == f"terraform-provider-ecgrid/{__version__} ci/1"


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://127.0.0.2", "http://[::1]:80", "http://LOCALHOST."])
def test_plain_http_to_loopback_is_accepted(url: str) -> None:
    assert made(base_url=url).base_url == url


@pytest.mark.parametrize(
    ("argument", "value", "fix"),
    [
        ("base_url", "http://rest.ecgrid.io", "Use `https://`"),
        ("base_url", "http://localhost.example.com", "Use `https://`"),
        ("base_url", "http://127.0.0.1.example.com", "Use `https://`"),
        ("base_url", "http://192.168.1.1", "only for this machine (127.0.0.1, localhost)"),
        ("api_key", secret("  \n"), "`api_key` is blank. Set it to a valid API key, or remove it"),
        ("access_token", secret(" "), "`access_token` is blank. Set it to a valid access token, or remove it"),
        ("base_url", "http://127.0.0.1@example.com", "must not contain credentials"),
        ("base_url", "https://rest.ecgrid.io?", "must not contain a query or a fragment"),
        ("base_url", "https://rest.ecgrid.io/#", "must not contain a query or a fragment"),
        ("base_url", "ftp://localhost", "needs a scheme and a host"),
        ("base_url", "rest.ecgrid.io", "needs a scheme and a host"),
        ("base_url", "", "`base_url` is empty. Remove it to use the default, or write it like"),
        ("base_url", "https://", "needs a scheme and a host"),
        ("base_url", "https://u:hidden@rest.ecgrid.io", "Use `api_key` or `access_token`"),
        ("base_url", "https://rest.ecgrid.io?token=hidden", "must not contain a query"),
        ("base_url", "https://rest.ecgrid.io:port", "is not a URL"),
        ("base_url", " \n", "`base_url` is blank. Remove it to use the default, or write it like"),
        ("base_url", "https://rest.\necgrid.io", "contains white space or an invisible character"),
        ("base_url", "https://rest.ecgrid.io /gate", "contains white space or an invisible character"),
        ("base_url", "https://rest.ec\u200bgrid.io", "contains white space or an invisible character"),
        ("base_url", "https://rest..ecgrid.io", "host or the port in `base_url` is not valid"),
        ("base_url", f"https://{'a' * 64}.example", "host or the port in `base_url` is not valid"),
        ("base_url", "https://%41.example", "host or the port in `base_url` is not valid"),
        ("base_url", "https://999.1.1.1", "host or the port in `base_url` is not valid"),
        ("base_url", "https://rest.ecgrid.io:0", "host or the port in `base_url` is not valid"),
        ("request_timeout", 0, "remove it to use the default, 30."),
        ("request_timeout", -1, "more than 0"),
        ("request_timeout", 3601, "at most 3600"),
        ("max_retries", -1, "remove it to use the default, 4."),
        ("max_retries", 1.5, "whole number"),
        ("max_retries", 101, "from 0 to 100"),
    ],
)
def test_an_unusable_argument_is_refused_at_validate_and_again_when_configured(
    argument: str, value: Any, fix: str
) -> None:
    diagnostics = Diagnostics()
    EcgridProvider().validate_config(diagnostics, dict.fromkeys(ARGUMENTS) | {argument: value})
    for refused in (diagnostics, configure(**{argument: value})[1]):
        ((_, path, detail),) = found(refused)
        assert path == [argument]
        assert fix in detail
        assert "hidden" not in detail


@pytest.mark.parametrize(
    ("argument", "value", "fix"),
    [
        ("api_key", "ké-hidden", "You do not need a new API key"),
        ("access_token", "line\nhidden", "You do not need a new access token"),
    ],
)
def test_a_credential_that_cannot_be_sent_is_refused_without_its_path(argument: str, value: str, fix: str) -> None:
    """Terraform would print the line that a path leads to, and a literal with it."""
    diagnostics = Diagnostics()
    EcgridProvider().validate_config(diagnostics, dict.fromkeys(ARGUMENTS) | {argument: secret(value)})
    ((_, path, detail),) = found(diagnostics)
    assert path is None
    assert detail.startswith(f"`{argument}` contains")
    assert fix in detail
    assert "hidden" not in detail


def test_unusable_base_url_of_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGRID_BASE_URL", "http://rest.ecgrid.io")
    ((summary, path, detail),) = found(configure()[1])
    assert (summary, path) == ("Invalid base URL", None)
    assert detail.endswith(" The value comes from the environment variable ECGRID_BASE_URL.")


@pytest.mark.parametrize("text", ["abc", "0", "-1", "5050.5", "2147483648", "9" * 5000, "٥"])
def test_an_unusable_network_of_the_environment_is_quoted(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ECGRID_NETWORK_ID", text)
    ((summary, _, detail),) = found(configure()[1])
    assert summary == "Invalid network_id"
    assert detail == (
        f'`network_id` must be a whole number from 1 to 2147483647, not "{text[:40]}". '
        "The value comes from the environment variable ECGRID_NETWORK_ID."
    )


def test_a_key_in_the_place_of_a_network_is_not_quoted_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGRID_API_KEY", "Zq7" * 30)
    monkeypatch.setenv("ECGRID_NETWORK_ID", "Zq7" * 30)
    ((_, _, detail),) = found(configure()[1])
    assert "Zq7" not in detail


@pytest.mark.parametrize("other_unknown", [False, True])
@pytest.mark.parametrize(
    ("variable", "summary"),
    [("ECGRID_API_KEY", "Invalid API key"), ("ECGRID_ACCESS_TOKEN", "Invalid access token")],
)
@pytest.mark.parametrize(("value", "fix"), [("  ", "or unset it."), ("ké-hidden", "where it is stored.")])
def test_an_unsendable_credential_of_the_environment_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, summary: str, value: str, fix: str, other_unknown: bool
) -> None:
    monkeypatch.delenv("ECGRID_API_KEY")
    monkeypatch.setenv(variable, value)
    ((said, path, detail),) = found(configure(**({"base_url": Unknown} if other_unknown else {}))[1])
    assert (said, path) == (summary, None)
    assert detail.startswith(f"The environment variable {variable} ")
    assert fix in detail
    assert "hidden" not in detail
    for argument in (secret("k"), Unknown):
        assert found(configure(api_key=argument)[1]) == [], "a variable that is not used may hold anything"


@pytest.mark.parametrize(
    ("argument", "variable", "source"),
    [
        ({"base_url": "https://conf.example"}, "https://env.example", Source("base_url", is_variable=False)),
        ({}, "https://env.example", Source("ECGRID_BASE_URL", is_variable=True)),
        ({}, " ", None),
    ],
)
def test_the_client_knows_where_the_base_url_was_taken_from(
    monkeypatch: pytest.MonkeyPatch, argument: dict[str, str], variable: str, source: Source | None
) -> None:
    monkeypatch.setenv("ECGRID_BASE_URL", variable)
    assert made(**argument).options["base_url_source"] == source


def test_two_configured_credentials_are_refused() -> None:
    ((summary, path, _),) = found(configure(api_key=secret("a"), access_token=secret("b"))[1])
    assert (summary, path) == ("Two credentials", ["access_token"])


@pytest.mark.parametrize("empty", [None, secret("")])
def test_no_credential_names_arguments_and_variables(monkeypatch: pytest.MonkeyPatch, empty: SecretStr | None) -> None:
    monkeypatch.setenv("ECGRID_API_KEY", "")
    ((summary, _, detail),) = found(configure(api_key=empty, access_token=empty)[1])
    assert summary == "No credential"
    for name in ("`api_key`", "`access_token`", "ECGRID_API_KEY", "ECGRID_ACCESS_TOKEN"):
        assert name in detail


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_an_unknown_argument_is_no_error_and_no_default_takes_its_place(
    monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    monkeypatch.setenv("ECGRID_ACCESS_TOKEN", "token-of-environment")
    monkeypatch.setenv("ECGRID_BASE_URL", "https://env.example")
    provider, diagnostics = configure(**{argument: Unknown})
    assert found(diagnostics) == []
    with pytest.raises(ProviderNotReady) as caught:
        provider.session.client()
    assert caught.value.arguments == (argument,)


def test_all_unknown_arguments_are_named() -> None:
    provider, _ = configure(api_key=Unknown, base_url=Unknown)
    with pytest.raises(ProviderNotReady) as caught:
        provider.session.client()
    assert caught.value.arguments == ("api_key", "base_url")


def test_a_known_mistake_is_told_beside_an_unknown_argument() -> None:
    ((_, path, _),) = found(configure(api_key=Unknown, base_url="http://rest.ecgrid.io")[1])
    assert path == ["base_url"]
    assert found(configure(api_key=Unknown, access_token=secret("t"))[1]) == [], "the unknown one may turn out null"


def test_no_credential_is_told_although_another_argument_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECGRID_API_KEY")
    ((summary, _, _),) = found(configure(base_url=Unknown)[1])
    assert summary == "No credential"
    assert found(configure(access_token=Unknown)[1]) == []


def test_a_provider_that_is_configured_again_forgets_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that a debugger holds serves one run of Terraform after another."""
    provider = EcgridProvider()
    provider.configure_with_context(
        ConfigureContext(Diagnostics()), dict.fromkeys(ARGUMENTS) | {"base_url": "https://first.example"}
    )
    first: Any = provider.session.client()
    ledger = provider.session.ledger
    provider.configure_with_context(
        ConfigureContext(Diagnostics()), dict.fromkeys(ARGUMENTS) | {"base_url": "https://second.example"}
    )
    second: Any = provider.session.client()
    assert (first.base_url, second.base_url) == ("https://first.example", "https://second.example")
    assert provider.session.ledger is not ledger
    provider.configure_with_context(ConfigureContext(Diagnostics()), dict.fromkeys(ARGUMENTS) | {"base_url": Unknown})
    with pytest.raises(ProviderNotReady):
        provider.session.client()
