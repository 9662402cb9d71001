from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
from tf.iface import ReadContext
from tf.utils import Diagnostic, Diagnostics

from terraform_provider_ecgrid.plugin.authoring import (
    ActionContext,
    Config,
    ListContext,
    Listed,
    State,
    ValidateContext,
)
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.diagnostics import (
    call_error,
    encode_diagnostic,
    encode_diagnostics,
    guarded,
    unexpected,
)
from terraform_provider_ecgrid.plugin.logging.redaction import MASK, conceal
from tests.unit.plugin.calls.streams import StreamingProvider
from tests.unit.plugin.client import Client, errors
from tests.unit.plugin.logging.test_redaction import forget

SECRET = 'k3y-of "the account"'


@pytest.fixture(autouse=True)
def _concealed() -> Iterator[None]:
    forget()
    conceal(SECRET)
    yield
    forget()


@pytest.mark.parametrize("severity", [Diagnostic.ERROR, Diagnostic.WARNING])
@pytest.mark.parametrize("form", [SECRET, json.dumps(SECRET)[1:-1]])
def test_a_diagnostic_holds_no_concealed_secret(severity: Any, form: str) -> None:
    shown = encode_diagnostic(Diagnostic(severity, f"Summary {form}", f"Detail {form}.", path=["password"]))
    assert (shown.summary, shown.detail) == (f"Summary {MASK}", f"Detail {MASK}.")
    assert shown.attribute.steps[0].attribute_name == "password"


def test_an_error_that_ends_a_call_holds_no_concealed_secret() -> None:
    diagnostics = Diagnostics()
    with guarded(diagnostics, "ReadResource"):
        raise call_error("Not read", f"The API said {SECRET}.")
    assert [one.detail for one in encode_diagnostics(diagnostics)] == [f"The API said {MASK}."]


@pytest.mark.parametrize("argument", ["password", "password_wo"])
def test_a_sensitive_value_of_a_configuration_is_concealed_when_it_comes(argument: str) -> None:
    def validate(ctx: ValidateContext, config: Config) -> None:
        value = config[argument].get_secret_value()
        ctx.diagnostics.add_error(f"Not {value}", f"Nor {quote_plus(value)}.", path=[argument])

    client = Client(StreamingProvider(validate=validate))
    config = {argument: "hunter two"}
    answer = client.call("ValidateResourceConfig", type_name="test_thing", config=config)
    assert errors(answer) == [f"Not {MASK}"]
    assert answer.diagnostics[0].detail == f"Nor {MASK}."


def test_a_secret_of_the_state_is_concealed_when_it_comes() -> None:
    def read(ctx: ReadContext, current: State) -> State:
        ctx.diagnostics.add_warning("Read", f"With {current['password'].get_secret_value()}.")
        return current

    client = Client(StreamingProvider(read=read))
    answer = client.call("ReadResource", type_name="test_thing", current_state={"id": 1, "password": "hunter2"})
    assert [one.detail for one in answer.diagnostics] == [f"With {MASK}."]
    assert values.decode(answer.new_state)["password"] == "hunter2", "values are no text to be shown"


def test_a_display_name_holds_no_concealed_secret() -> None:
    def listed(ctx: ListContext, config: Config) -> Iterator[Listed]:
        yield Listed({"id": 1}, f"thing of {SECRET}")

    client = Client(StreamingProvider(list=listed))
    (event,) = client.stream("ListResource", type_name="test_thing", config={})
    assert event.display_name == f"thing of {MASK}"


def test_an_actions_progress_holds_no_concealed_secret() -> None:
    def invoke(ctx: ActionContext, config: Config) -> Iterator[str]:
        yield f"polishing with {SECRET}"
        ctx.diagnostics.add_error("Not polished", f"It broke {SECRET}.")

    client = Client(StreamingProvider(invoke=invoke))
    progress, completed = client.stream("InvokeAction", action_type="test_polish", config={"id": 1})
    assert progress.progress.message == f"polishing with {MASK}"
    assert [one.detail for one in completed.completed.diagnostics] == [f"It broke {MASK}."]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Parcel\x1b[2J\x1b]0;title\x07", "Parcel\ufffd[2J\ufffd]0;title\ufffd"),
        ("a\rb\x85c\u2028d", "a b c d"),
        ("pay\u202elcrap\u200b\x9b31m", "pay\ufffdlcrap\ufffd\ufffd31m"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("first\n- second\tthird ü €", "first\n- second\tthird ü €"),
        ("k3y\x1b-of", "k3y\ufffd-of"),
    ],
)
def test_no_control_character_reaches_a_terminal(text: str, shown: str) -> None:
    told = encode_diagnostic(Diagnostic(Diagnostic.WARNING, text, text))
    assert (told.summary, told.detail) == (shown, shown)

    def listed(ctx: ListContext, config: Config) -> Iterator[Listed]:
        yield Listed({"id": 1}, text)

    (event,) = Client(StreamingProvider(list=listed)).stream("ListResource", type_name="test_thing", config={})
    assert event.display_name == shown


@pytest.mark.parametrize("call", ["ApplyResourceChange", "InvokeAction"])
def test_a_mistake_in_what_changes_something_does_not_advise_to_run_it_again(call: str) -> None:
    detail = unexpected(f"{call} of test_thing", ValueError()).detail or ""
    assert detail.endswith("Before you run the command again, check what this run has changed.")
    assert "changed" not in (unexpected("ReadResource of test_thing", ValueError()).detail or "")
