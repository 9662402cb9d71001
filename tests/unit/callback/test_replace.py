"""Plans to replace: the variants of a refusal or warning that all take the same way through Terraform."""

from __future__ import annotations

from typing import Any

import pytest
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.plugin.authoring import PlanContext
from terraform_provider_ecgrid.resources.callback import CallbackResource
from tests.unit.api.support import ok, refusal
from tests.unit.callback.scripted_access import COMPUTED, ScriptedAccess, entries, held, planned, record, said

URL = "https://app.example.com/new"
CONFIG: dict[str, Any] = {"url": URL, "event": "Parcel"}
STATE: dict[str, Any] = CONFIG | {"callback_id": 7002, "id": "7002", "status": "Active", "on_destroy": "delete"}
LOST, SCOPE = "Replacement would lose the callback", "Replacement would lose the scope"
SEEN = "Callback 7002 is already in the state"


class Planning:
    """Plans of one resource by one provider process, as Terraform asks for them."""

    def __init__(self, *steps: Any) -> None:
        self.access = ScriptedAccess(*steps or (refusal(404),))
        self.resource = CallbackResource(self.access)

    def existing(self, state: dict[str, Any], config: dict[str, Any], private: bytes = b"") -> PlanContext:
        """Plan a change of what the state holds."""
        proposed = held(**state) | {name: value for name, value in config.items() if value is not None}
        ctx = self._context(config, private)
        ctx.requires_replace = {
            name
            for name in ("callback_id", "mailbox_id", "network_id")
            if proposed[name] is not held(**state)[name] and proposed[name] != held(**state)[name]
        }
        self.resource.plan(ctx, held(**state), proposed)
        return ctx

    def new(self, config: dict[str, Any], private: bytes = b"") -> PlanContext:
        """Plan a creation, as the second half of a replacement or for a tainted object."""
        ctx = self._context(config, private)
        given = {name: value for name, value in config.items() if value is not None or name not in COMPUTED}
        self.resource.plan(ctx, None, planned(**given))
        return ctx

    def destroy(self, state: dict[str, Any]) -> PlanContext:
        """Plan a destruction."""
        ctx = self._context({}, b"")
        self.resource.plan_destroy(ctx, held(**state))
        return ctx

    def _context(self, config: dict[str, Any], private: bytes) -> PlanContext:
        diags = Diagnostics()
        return PlanContext(
            diags, "ecgrid_callback", changed_fields=set(), config=held(**config), private=private, identity=None
        )


def errors(ctx: PlanContext) -> list[str]:
    return [summary for severity, summary, _ in said(ctx.diagnostics) if severity == "error"]


def warnings(ctx: PlanContext) -> list[str]:
    return [summary for severity, summary, _ in said(ctx.diagnostics) if severity == "warning"]


def terminated(**more: Any) -> dict[str, Any]:
    return STATE | {"status": "Terminated"} | more


ENDS = pytest.mark.parametrize(
    ("on_destroy", "refused"), [("delete", True), ("terminate", True), ("suspend", True), ("retain", False)]
)


@ENDS
def test_a_tainted_callback_that_its_configuration_names(on_destroy: str, refused: bool) -> None:
    planning = Planning()
    planning.resource.state_seen(held(**STATE | {"on_destroy": on_destroy}))
    assert errors(planning.new({"callback_id": 7002})) == [SEEN] * refused
    assert errors(planning.new({"callback_id": 7003})) == [], "another callback is not lost"


@pytest.mark.parametrize("first", ["destroyed", "held"])
@ENDS
@pytest.mark.parametrize("kept", [STATE, None], ids=["in the state", "taken over"])
def test_a_plan_does_not_destroy_at_one_address_what_another_one_holds(
    first: str, on_destroy: str, refused: bool, kept: dict[str, Any] | None
) -> None:
    planning = Planning()
    found: list[str] = []
    for step in sorted(("destroyed", "held"), reverse=first == "held"):
        if step == "destroyed":
            found += errors(planning.destroy(STATE | {"on_destroy": on_destroy}))
        elif kept:
            found += errors(planning.existing(kept, CONFIG))
        else:
            found += errors(planning.new({"callback_id": 7002}))
    assert len(found) == refused
    assert errors(planning.destroy(STATE | {"callback_id": 7003})) == [], "nobody else holds that one"


@pytest.mark.parametrize("first", ["replaced", "held"])
@ENDS
def test_a_replacement_by_hand_does_not_destroy_what_another_address_holds(
    first: str, on_destroy: str, refused: bool
) -> None:
    state = STATE | {"on_destroy": on_destroy}
    planning = Planning()
    found = errors(planning.existing(state, CONFIG)) if first == "held" else []
    private = planning.existing(state, CONFIG).private
    found += errors(planning.new(CONFIG, private))
    found += errors(planning.existing(state, CONFIG)) if first == "replaced" else []
    assert found == ["Destruction would lose the callback"] * refused


def test_a_replacement_by_a_callback_of_another_address_is_refused_unless_that_one_retains_it() -> None:
    def replacing(on_destroy: str) -> list[str]:
        planning = Planning()
        # Of a tainted resource, and of one that a `removed` block forgets, no more is ever seen than this.
        planning.resource.state_seen(held(**STATE | {"on_destroy": on_destroy}))
        return errors(planning.existing(STATE | {"callback_id": 7003}, {"callback_id": 7002, "on_destroy": "delete"}))

    assert {way: replacing(way) for way in ("delete", "suspend", "retain")} == {
        "delete": [SEEN],
        "suspend": [SEEN],
        "retain": [],
    }


def test_a_state_without_on_destroy_is_judged_as_its_destruction_would_go() -> None:
    planning = Planning()
    state = STATE | {"on_destroy": None}
    registered, taken_over = (PrivateState(origin=origin).dump() for origin in ("registered", "taken_over"))
    named = CONFIG | {"callback_id": 7002, "on_destroy": "retain"}
    for private, expected in ((registered, [LOST]), (taken_over, [])):
        first = planning.existing(state, named, private)
        assert errors(planning.new(named, first.private)) == expected


def test_the_applied_on_destroy_counts_for_a_replacement_not_the_configured_one() -> None:
    planning = Planning()
    own = {"callback_id": 7002, "on_destroy": "retain"}
    first = planning.existing(STATE, own)
    assert errors(planning.new(own, first.private)) == [LOST]


@pytest.mark.parametrize(
    ("scope", "config", "line"),
    [
        ({"mailbox_id": 5}, {}, "mailbox_id = 5"),
        ({"network_id": 6}, {}, "network_id = 6"),
        ({"mailbox_id": 5, "network_id": 6}, {"mailbox_id": 5}, "network_id = 6"),
        ({"mailbox_id": 0, "network_id": None}, {}, None),
        ({"mailbox_id": 5}, {"mailbox_id": 5}, None),
        ({"mailbox_id": 5}, {"mailbox_id": 0}, None),
        ({"mailbox_id": 5}, {"mailbox_id": Unknown}, None),
    ],
)
def test_a_scope_is_not_lost_by_a_replacement(scope: dict[str, Any], config: dict[str, Any], line: str | None) -> None:
    # A terminated callback is replaced because the provider asks for it, another one because a person does.
    asked = Planning().existing(terminated(**scope), CONFIG | config | {"status": "Active"})
    assert "status" in asked.requires_replace
    planning = Planning()
    by_hand = planning.new(CONFIG | config, planning.existing(STATE | scope, CONFIG | config).private)
    for plan in (asked, by_hand):
        found = [detail for _, summary, detail in said(plan.diagnostics) if summary == SCOPE]
        assert len(found) == (line is not None)
        assert not found or f"Add this line: `{line}`" in found[0]


@pytest.mark.parametrize(
    ("config", "replaced"),
    [
        (CONFIG | {"status": "Active"}, True),
        (CONFIG | {"status": "Suspended"}, True),
        (CONFIG | {"status": "Active", "url": "https://app.example.com/other"}, True),
        (CONFIG | {"status": "Terminated"}, False),
        (CONFIG, False),
    ],
)
def test_only_another_status_replaces_a_terminated_callback(config: dict[str, Any], replaced: bool) -> None:
    plan = Planning().existing(terminated(), config)
    assert (plan.requires_replace, errors(plan)) == ({"status"} if replaced else set(), [])


@pytest.mark.parametrize(
    "config",
    [
        CONFIG | {"status": "Active", "callback_id": 7002},
        CONFIG | {"url": "https://app.example.com/other"},
        CONFIG | {"status": "Terminated", "event": "Mailbox"},
        CONFIG | {"http_auth_type": "None"},
    ],
)
def test_every_other_change_to_a_terminated_callback_is_refused(config: dict[str, Any]) -> None:
    plan = Planning().existing(terminated(), config)
    assert (plan.requires_replace, errors(plan)) == (set(), ["Callback is terminated"])


def test_a_terminated_callback_without_url_and_event_cannot_be_replaced() -> None:
    plan = Planning().existing(terminated(), {"status": "Active"})
    assert errors(plan) == ["Missing callback_id, or url and event"]


def test_a_replacement_that_ends_terminated_says_that_this_is_permanent() -> None:
    plan = Planning().existing(STATE | {"mailbox_id": 5}, CONFIG | {"mailbox_id": 6, "status": "Terminated"})
    assert warnings(plan) == ["Termination of the callback is permanent"]


def test_a_replacement_by_a_take_over_says_what_it_overwrites() -> None:
    found = record(callbackId=7003, url="https://old.example.com/")
    plan = Planning(ok(found), ok(entries(found))).existing(STATE, CONFIG | {"callback_id": 7003})
    assert warnings(plan) == ["Take-over overwrites callback 7003"]


def test_the_second_plan_of_a_replacement_is_not_another_resource() -> None:
    twice, state = "Callback {} managed twice", STATE | {"on_destroy": "retain"}
    planning = Planning()
    first = planning.existing(state, {"callback_id": 7002})
    assert twice.format(7002) not in warnings(planning.new({"callback_id": 7002}, first.private))
    assert twice.format(7002) in warnings(planning.new({"callback_id": 7002})), "a third plan is"
    planning = Planning()
    first = planning.existing(state, {"callback_id": 7003})
    assert twice.format(7003) not in warnings(planning.new({"callback_id": 7003}, first.private))
    assert twice.format(7002) not in warnings(planning.new({"callback_id": 7002})), "nobody holds the replaced one"


@pytest.mark.parametrize(
    ("on_destroy", "fate"),
    [
        ("delete", "deleted"),
        ("suspend", "suspended"),
        ("terminate", "terminated"),
        ("retain", "removed from the state (it stays registered)"),
    ],
)
def test_a_take_over_that_may_fail_says_what_is_destroyed_before(on_destroy: str, fate: str) -> None:
    plan = Planning(refusal(404, "ObjectNotFound")).existing(
        STATE | {"on_destroy": on_destroy}, CONFIG | {"callback_id": 9999}
    )
    detail = next(detail for _, summary, detail in said(plan.diagnostics) if "9999 not shown" in summary)
    told = f"the apply fails. By then, callback 7002 is already {fate}, unless `create_before_destroy` is set."
    assert told in detail
    alone = Planning(refusal(404, "ObjectNotFound")).new({"callback_id": 9999})
    assert "By then" not in str(said(alone.diagnostics))
