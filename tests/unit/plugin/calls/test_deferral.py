"""Nothing is ever deferred: during an apply Terraform allows it without having been asked to, and cannot go on then."""

from __future__ import annotations

from typing import Any

import pytest
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from terraform_provider_ecgrid.provider import EcgridProvider
from tests.unit.plugin.calls.hostile_calls import CONFIG, FILTERS, PROVIDER, STATE
from tests.unit.plugin.client import METHODS, Client

ALLOWED = pb.ClientCapabilities(deferral_allowed=True, write_only_attributes_allowed=True)
NEW: dict[str, Any] = dict.fromkeys(STATE) | {"callback_id": Unknown}
CHANGED = STATE | {"url": Unknown}

CALLS: dict[str, dict[str, Any]] = {
    "ReadResource": {"type_name": "ecgrid_callback", "current_state": STATE},
    "PlanResourceChange": {
        "type_name": "ecgrid_callback",
        "prior_state": STATE,
        "proposed_new_state": CHANGED,
        "config": CONFIG | {"url": Unknown},
    },
    "ImportResourceState": {"type_name": "ecgrid_callback", "id": "7001"},
    "ReadDataSource": {"type_name": "ecgrid_callbacks", "config": FILTERS},
    "PlanAction": {"action_type": "ecgrid_callback_test", "config": {"callback_id": Unknown}},
}


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_deferred_although_the_provider_is_not_ready_and_values_are_unknown(call: str) -> None:
    client = Client(EcgridProvider())
    configured = {"config": PROVIDER | {"base_url": Unknown}, "client_capabilities": ALLOWED}
    assert not client.call("ConfigureProvider", **configured).diagnostics
    answer = client.call(call, client_capabilities=ALLOWED, **CALLS[call])
    assert answer.ByteSize() or call == "PlanAction"
    assert not answer.HasField("deferred")


def test_a_plan_to_create_is_not_deferred() -> None:
    client = Client(EcgridProvider())
    client.call("ConfigureProvider", config=PROVIDER, client_capabilities=ALLOWED)
    asked = {"type_name": "ecgrid_callback", "prior_state": None, "proposed_new_state": NEW, "config": NEW}
    answer = client.call("PlanResourceChange", client_capabilities=ALLOWED, **asked)
    assert not answer.diagnostics
    assert not answer.HasField("deferred")


def test_every_call_that_could_defer_is_asked() -> None:
    able = {name for name, method in METHODS.items() if "deferred" in method.output_type.fields_by_name}
    assert able == {*CALLS, "OpenEphemeralResource"}, "of which this provider has none"
