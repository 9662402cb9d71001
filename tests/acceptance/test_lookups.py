"""Whole lives of a callback in either model of the lookups: never registered twice, never dropped while it lives.

The sandbox's store is the judge: after every step it must hold exactly the callbacks that the step before should have
left, and the state must hold the one that it managed.
"""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_MODELS, Applied, Plan, Terraform

ADDRESS = "ecgrid_callback.orders"
URL = "https://app.example.com/webhooks/orders"


def registering(url: str = URL, event: str = "Parcel", **more: str) -> str:
    """A callback that Terraform registers."""
    lines = {"url": f'"{url}"', "event": f'"{event}"'} | more
    return block(lines)


def taking_over(**more: str) -> str:
    """Callback 7001, which exists already."""
    return block({"callback_id": "7001"} | more)


def block(lines: dict[str, str]) -> str:
    """The resource with these arguments."""
    arguments = "\n".join(f"  {name} = {value}" for name, value in lines.items())
    return f'provider "ecgrid" {{\n  max_retries = 0\n}}\nresource "ecgrid_callback" "orders" {{\n{arguments}\n}}\n'


class Life:
    """One callback's life; every step ends with a look at what ECGrid and the state hold."""

    def __init__(self, terraform: Terraform, sandbox: Sandbox) -> None:
        self.terraform = terraform
        self.sandbox = sandbox
        self.expected = {7001}
        self.managed: int | None = None

    def check(self) -> None:
        assert {one["callbackId"] for one in self.sandbox.store.all()} == self.expected
        held = self.terraform.instances()
        assert (int(held[ADDRESS]["attributes"]["callback_id"]) if held else None) == self.managed

    def apply(self, hcl: str, *, registers: int | None = None, manages: int | None = None) -> Applied:
        """Apply, which must settle. `registers` is the id of the callback that is new then."""
        self.terraform.write(hcl)
        applied = self.terraform.apply()
        if registers is not None:
            self.expected.add(registers)
        self.managed = registers or manages or self.managed
        self.check()
        return applied

    def refresh(self, times: int = 1) -> None:
        for _ in range(times):
            refreshed = self.terraform.refresh()
            assert refreshed.diagnostics == []
            self.check()

    def plan(self, *, empty: bool = True) -> Plan:
        writes = len(self.sandbox.writes())
        plan = self.terraform.plan()
        assert plan.empty == empty, plan
        assert len(self.sandbox.writes()) == writes, "a plan must not write"
        self.check()
        return plan

    def fire(self, *, delivered: bool) -> None:
        assert self.managed is not None
        self.sandbox.store.fire(self.managed, delivered=delivered, http_status=200 if delivered else 503)

    def deliver_all(self) -> None:
        """Let every delivery that waits arrive."""
        for one in self.sandbox.store.deliveries():
            if one["delivered"] is None:
                self.sandbox.store.settle(one["callbackEventId"], 200)

    def destroy(self, *, leaves: bool) -> Applied:
        destroyed = self.terraform.destroy()
        if not leaves:
            assert self.managed is not None
            self.expected.discard(self.managed)
        self.managed = None
        self.check()
        return destroyed


@pytest.fixture
def life(terraform: Terraform, sandbox: Sandbox) -> Life:
    return Life(terraform, sandbox)


@BOTH_MODELS
def test_a_registered_callback_lives_through_deliveries_changes_and_suspension(life: Life) -> None:
    life.apply(registering(), registers=7002)
    # Several attempts fail, their entries show a delivery's state and, after the change, the URL of before.
    life.fire(delivered=False)
    life.fire(delivered=False)
    life.refresh()
    life.apply(registering(URL + "/v2"))
    life.apply(registering(URL + "/v3", event="Interchange"))
    life.fire(delivered=False)
    life.plan()

    life.deliver_all()
    life.refresh(3)
    life.apply(registering(URL + "/v3", event="Interchange", status='"Suspended"'))
    life.apply(registering(URL + "/v3", event="Interchange", status='"Active"'))
    assert [write.call for write in life.sandbox.writes()] == ["create", "update", "update", "update", "update"]

    life.destroy(leaves=False)
    assert life.sandbox.writes()[-1].call == "delete"


@BOTH_MODELS
def test_a_callback_that_is_taken_over_stays_one_and_the_same_until_it_is_given_back(life: Life) -> None:
    life.apply(taking_over(), manages=7001)
    assert all(write.body == {"callbackId": 7001} for write in life.sandbox.writes()), "reading changes nothing"
    life.fire(delivered=False)
    life.apply(taking_over(url=f'"{URL}"', status='"Active"'))
    life.deliver_all()
    life.refresh(2)
    life.apply(taking_over(url=f'"{URL}"', status='"Suspended"'))
    life.destroy(leaves=True)

    # And once more, as somebody would who lost the state.
    life.apply(taking_over(url=f'"{URL}"', on_destroy='"delete"'), manages=7001)
    life.destroy(leaves=False)
    assert {write.call for write in life.sandbox.writes()} == {"update", "delete"}, "nothing may be registered"


@BOTH_MODELS
def test_a_callback_that_was_removed_elsewhere_is_replaced_by_exactly_one(life: Life) -> None:
    life.apply(registering(), registers=7002)
    life.fire(delivered=False)
    life.refresh()
    life.sandbox.store.remove(7002)
    life.expected.discard(7002)
    life.managed = 7002
    life.plan(empty=False)
    applied = life.apply(registering(), registers=7003)
    assert "Callback 7002 is gone" in [warning.summary for warning in applied.warnings]
    life.plan()
    life.destroy(leaves=False)


@BOTH_MODELS
def test_an_imported_callback_lives_on_after_its_last_delivery(life: Life) -> None:
    life.terraform.write(block({"event": '"Parcel"'}))
    life.terraform.import_(ADDRESS, 7001)
    life.managed = 7001
    life.check()
    life.plan()
    life.deliver_all()
    life.refresh(2)
    life.apply(block({"event": '"Parcel"', "status": '"Active"'}))
    assert [write.body for write in life.sandbox.writes()] == [{"callbackId": 7001, "status": "Active"}]
    life.destroy(leaves=False)


@BOTH_MODELS
def test_a_callback_that_is_suspended_by_its_destroy_is_one_that_can_be_adopted_again(life: Life) -> None:
    life.apply(registering(on_destroy='"suspend"'), registers=7002)
    life.destroy(leaves=True)
    record = life.sandbox.store.get(7002)
    assert record is not None
    assert record["status"] == "Suspended"
    life.apply(block({"callback_id": "7002", "status": '"Active"', "on_destroy": '"delete"'}), manages=7002)
    life.destroy(leaves=False)
