"""Whatever a request holds: each call of the provider ends in a value or a diagnostic, and shows nothing secret."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import msgpack
import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terraform_provider_ecgrid.callback.schema import CALLBACK_SCHEMA
from terraform_provider_ecgrid.plugin.calls.dispatch import CallTable
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.unit.plugin.calls.hostile_calls import (
    CONFIGURATIONS,
    KEY,
    PASSWORD,
    PATH,
    PRIVATES,
    STATE,
    STORED_STATES,
    UNKNOWN,
    WRITE_ONLY_PASSWORD,
    fields_of,
    request,
)
from tests.unit.plugin.calls.offline import Offline
from tests.unit.plugin.calls.test_dispatch import SERVED
from tests.unit.plugin.client import METHODS, WRITE_ONLY
from tests.unit.plugin.logging.test_redaction import forget

# Which of these the answer itself may hold (a state has its password) is asked of `NEVER_ANSWERED`.
SECRETS = (KEY, PASSWORD, WRITE_ONLY_PASSWORD, PATH, PATH.partition("?")[0])
NEVER_ANSWERED = (KEY, WRITE_ONLY_PASSWORD)
UNEXPECTED = "Unexpected error in the provider"
# Calls that need nothing but values of the right types; another may miss an id that every state has.
BLAMELESS = {
    "ConfigureProvider",
    "ImportResourceState",
    "PlanAction",
    "UpgradeResourceState",
    "ValidateActionConfig",
    "ValidateListResourceConfig",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
}
NEEDS_NO_VALUE = {"GetFunctions", "GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas"}


@pytest.fixture(autouse=True, scope="module")
def surroundings() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("ECGRID_API_KEY", KEY)
    yield
    patch.undo()
    forget()


def diagnostics(answer: Any) -> list[Any]:
    """What an answer says, in whichever field its kind has for it."""
    if isinstance(answer, pb.InvokeAction.Event):
        return list(answer.completed.diagnostics)
    return list(answer.diagnostic if isinstance(answer, pb.ListResource.Event) else answer.diagnostics)


def failed(answer: Any) -> bool:
    return any(one.severity == pb.Diagnostic.ERROR for one in diagnostics(answer))


def parts(message: Message) -> Iterator[pb.DynamicValue]:
    """Every value in an answer."""
    if isinstance(message, pb.DynamicValue):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is not None:
            for one in [value] if isinstance(value, Message) else value:
                yield from parts(one)


class Log(logging.Handler):
    """Keeps what was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def dynamic_value(value: Any) -> pb.DynamicValue:
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def identity(value: pb.DynamicValue) -> pb.ResourceIdentityData:
    return pb.ResourceIdentityData(identity_data=value)


class Calls:
    """Makes calls to one process of the provider, and keeps what is shown to a person and what is answered."""

    def __init__(self) -> None:
        # Random texts were passwords in the examples before, and would be taken out of what is said in this one.
        forget()
        self._server = CallTable(Offline(), threading.Event())
        self.shown: list[str] = []
        self.answered: list[Any] = []

    def make(self, name: str, fields: dict[str, Any]) -> list[Any]:
        """Make a call. Returns its answers, one unless it streams."""
        data, path = request(name, fields), f"/tfplugin6.Provider/{name}"
        answer = GetMessageClass(METHODS[name].output_type)
        log, logger = Log(), logging.getLogger("terraform_provider_ecgrid")
        logger.addHandler(log)
        try:
            if METHODS[name].server_streaming:
                sent = list(self._server.streaming()[path](data, lambda: True))
            else:
                sent = [self._server.unary()[path](data)]
        finally:
            logger.removeHandler(log)
        answered = [answer.FromString(one) for one in sent]
        said = [one for each in answered for one in diagnostics(each)]
        assert all(one.summary and one.severity for one in said)
        self.shown += [f"{one.summary}\n{one.detail}" for one in said] + log.lines
        self.answered += answered
        return answered

    def ask(self, name: str, **fields: Any) -> Any | None:
        """Make a call as Terraform would: its answer, None where that is an error, after which Terraform ends."""
        (answer,) = self.make(name, fields)
        return None if failed(answer) else answer

    def check(self) -> None:
        """Nothing secret was shown, and every value in an answer without an error can be read."""
        text = "\n".join(self.shown)
        assert not [secret for secret in SECRETS if secret in text]
        assert "Traceback" not in text
        # With an error a refresh gives back what it was given.
        good = [answer for answer in self.answered if not failed(answer)]
        held = [values.decode(value) for answer in good for value in parts(answer)]
        text = repr(self.answered) + repr(held)
        assert not [secret for secret in NEVER_ANSWERED if secret in text]


@pytest.mark.parametrize("name", sorted(SERVED - NEEDS_NO_VALUE))
@given(data=st.data())
@settings(deadline=None, max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_ends_in_a_value_or_a_diagnostic(name: str, data: st.DataObject) -> None:
    calls = Calls()
    # A list may be empty.
    assert calls.make(name, data.draw(fields_of(name))) or name == "ListResource"
    calls.check()
    if name in BLAMELESS:
        assert UNEXPECTED not in "\n".join(calls.shown)


UNREADABLE: dict[str, tuple[str, dict[str, Any], str]] = {
    "bytes of no kind": ("ReadResource", {"current_state": pb.DynamicValue(msgpack=b"\xc1")}, "Unreadable value"),
    "nested too deep": ("ReadResource", {"current_state": pb.DynamicValue(json=b"[" * 100_000)}, "Unreadable value"),
    "no object": ("ReadResource", {"current_state": dynamic_value("x")}, "Unreadable value"),
    "a number for a text": ("ReadResource", {"current_state": dynamic_value(STATE | {"url": 7})}, "Unusable value"),
    "a text for a bool": ("ReadResource", {"current_state": dynamic_value({"verify_delivery": "x"})}, "Unusable value"),
    "an identity": (
        "ImportResourceState",
        {"identity": identity(pb.DynamicValue(msgpack=b"\xc1"))},
        "Unreadable value",
    ),
    "a stored state": ("UpgradeResourceState", {"raw_state": pb.RawState(json=b"[" * 100_000)}, "Unreadable state"),
    "half a surrogate pair": (
        "UpgradeResourceState",
        {"raw_state": pb.RawState(json=b'{"url": "\\ud800"}')},
        "Unusable value",
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_said_to_be_so(what: str) -> None:
    name, fields, summary = UNREADABLE[what]
    calls = Calls()
    (answer,) = calls.make(name, {"type_name": "ecgrid_callback", **fields})
    assert [one.summary for one in diagnostics(answer)] == [summary]


def test_a_state_without_an_id_is_upgraded_all_the_same() -> None:
    raw = pb.RawState(json=json.dumps(STATE | {"callback_id": None}).encode())
    answer = Calls().ask("UpgradeResourceState", type_name="ecgrid_callback", raw_state=raw)
    assert answer is not None
    assert values.decode(answer.upgraded_state)["url"] == STATE["url"]


@given(CONFIGURATIONS, STORED_STATES | st.none(), PRIVATES)
@settings(deadline=None, max_examples=120, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_configuration_that_terraform_can_send_ends_in_words_of_its_own(
    config: dict[str, Any], prior: dict[str, Any] | None, private: bytes
) -> None:
    """Values of the right types, in Terraform's own order: what is refused is refused for a reason that is named."""
    calls = Calls()
    life(calls, config, prior, private)
    calls.check()
    assert UNEXPECTED not in "\n".join(calls.shown), calls.shown


def life(calls: Calls, config: dict[str, Any], prior: dict[str, Any] | None, private: bytes) -> None:
    """Validate, refresh, plan, apply, generate and destroy, until something is refused."""
    kind = {"type_name": "ecgrid_callback"}
    given = {"config": dynamic_value(config)}
    if calls.ask("ValidateResourceConfig", **kind, **given, client_capabilities=WRITE_ONLY) is None:
        return
    state = dynamic_value(prior)
    if prior is not None:
        raw = pb.RawState(json=json.dumps(prior).encode())
        if calls.ask("UpgradeResourceState", **kind, raw_state=raw) is None:
            return
        read = calls.ask("ReadResource", **kind, current_state=state, private=private)
        if read is None:
            return
        state, private = read.new_state, read.private
    held = values.decode(state)
    plan = calls.ask(
        "PlanResourceChange",
        **kind,
        **given,
        prior_state=state,
        proposed_new_state=dynamic_value(proposed(held, config)),
        prior_private=private if held else b"",
        client_capabilities=WRITE_ONLY,
    )
    # What is unknown is known when it is applied, and what asks for a replacement is not applied as it is.
    if plan is None or plan.requires_replace or any(isinstance(value, msgpack.ExtType) for value in config.values()):
        return
    changed = {**kind, "planned_private": plan.planned_private}
    answer = calls.ask("ApplyResourceChange", **changed, **given, prior_state=state, planned_state=plan.planned_state)
    if answer is None:
        return
    calls.ask("GenerateResourceConfig", **kind, state=answer.new_state)
    gone = dynamic_value(None)
    calls.ask("PlanResourceChange", **kind, prior_state=answer.new_state, proposed_new_state=gone, config=gone)
    calls.ask("ApplyResourceChange", **kind, prior_state=answer.new_state, planned_state=gone, config=gone)


_COMPUTED = tuple(attribute.name for attribute in CALLBACK_SCHEMA.attributes if attribute.computed)


def proposed(prior: dict[str, Any] | None, config: dict[str, Any]) -> dict[str, Any]:
    """What Terraform proposes: the configuration, and the state's value, or an unknown one, of what is computed."""
    held = {name: UNKNOWN if prior is None else prior[name] for name in _COMPUTED}
    given = {name: value for name, value in config.items() if value is not None and name != "password_wo"}
    return dict.fromkeys(config) | held | given
