"""Replacing a callback: what the plan refuses because it would lose something, what it says, and what is sent."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import BOTH_MODELS, Terraform
from tests.acceptance.results import Outcome

ADDRESS = "ecgrid_callback.orders"
WAYS = ("delete", "retain", "suspend", "terminate")
STOPPING = ("delete", "suspend", "terminate")
REPLACED = {f'ecgrid_callback.each["{way}"]': "replace" for way in WAYS}


def one(*lines: str) -> str:
    """The configuration of one callback."""
    return "\n".join(['resource "ecgrid_callback" "orders" {', *lines, "}", ""])


def each(*lines: str) -> str:
    """The configuration of one callback for each way to destroy it."""
    ways = ", ".join(f'"{way}"' for way in WAYS)
    own = (f"  for_each = toset([{ways}])", "  on_destroy = each.key")
    return "\n".join(['resource "ecgrid_callback" "each" {', *own, *lines, "}", ""])


NEW = ('  url = "https://app.example.com/orders"', '  event = "Parcel"')
EACH_NEW = ('  url = "https://app.example.com/${each.key}?token=s3cr3t"', '  event = "Parcel"')


def ids(terraform: Terraform) -> dict[str, int]:
    """The ids in the state by `on_destroy`."""
    held = (instance["attributes"] for instance in terraform.instances().values())
    return {attributes["on_destroy"]: attributes["callback_id"] for attributes in held if "on_destroy" in attributes}


def stored(sandbox: Sandbox) -> dict[int, str]:
    return {one["callbackId"]: one["status"] for one in sandbox.store.all()}


def assert_said_where_no_delete_is_seen(outcome: Outcome, before: dict[str, int]) -> None:
    assert not any("s3cr3t" in one.text for one in outcome.diagnostics)
    said = [one.detail for one in outcome.warnings]
    assert len(said) == 3, f"one for each way but `delete`\n{outcome}"
    for way, words in (
        ("retain", "stays registered"),
        ("suspend", "stays registered"),
        ("terminate", "permanent"),
    ):
        assert any(f"Callback {before[way]} " in detail and words in detail for detail in said), way


def test_a_replacement_that_the_provider_asks_for_says_in_the_plan_where_no_delete_is_seen(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(each(*EACH_NEW, "  mailbox_id = 1"))
    terraform.apply()
    before = ids(terraform)
    terraform.write(each(*EACH_NEW, "  mailbox_id = 2"))
    plan = terraform.plan(expect=2)
    assert plan.actions == REPLACED
    assert_said_where_no_delete_is_seen(plan, before)
    assert_said_where_no_delete_is_seen(terraform.apply(plan.file), before)
    assert stored(sandbox) == {
        7001: "Suspended",
        before["retain"]: "Active",
        before["suspend"]: "Suspended",
        before["terminate"]: "Terminated",
        **dict.fromkeys(ids(terraform).values(), "Active"),
    }
    assert set(ids(terraform).values()).isdisjoint(before.values())


def test_a_replacement_that_would_destroy_the_callback_that_its_configuration_names_is_refused(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    numbers = {way: sandbox.store.put(url=f"https://app.example.com/{way}") for way in WAYS}
    names = ", ".join(f"{way} = {number}" for way, number in numbers.items())
    terraform.write(each(f"  callback_id = {{ {names} }}[each.key]"))
    terraform.apply()
    plan = terraform.plan(*(f"-replace={address}" for address in REPLACED), expect=1)
    refused = {one.address: one for one in plan.errors}
    assert set(refused) == {f'ecgrid_callback.each["{way}"]' for way in STOPPING}
    for way in STOPPING:
        error = refused[f'ecgrid_callback.each["{way}"]']
        assert error.attribute == "callback_id"
        assert f"callback {numbers[way]} " in error.detail
        assert "To register a new callback, remove `callback_id`" in error.detail
    assert sandbox.writes() == []


def test_a_callback_that_stays_registered_may_be_replaced_by_itself(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(one("  callback_id = 7001"))
    terraform.apply()
    again = terraform.apply(f"-replace={ADDRESS}")
    assert "Callback 7001 " in again.warning.detail, "the plan cannot know of `-replace`, so the destroy says it"
    assert "stays registered" in again.warning.detail
    assert terraform.state(ADDRESS)["callback_id"] == 7001
    assert sandbox.writes() == []


def test_removing_callback_id_lets_a_replacement_register_a_new_one(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(one("  callback_id = 7001", '  on_destroy = "delete"'))
    terraform.apply()
    terraform.write(one(*NEW, "  mailbox_id = 12345", '  on_destroy = "delete"'))
    assert terraform.plan(expect=2).actions == {ADDRESS: "update"}, "the removal alone leaves the registration as it is"
    terraform.apply(f"-replace={ADDRESS}")
    assert [(write.call, (write.body or {}).get("callbackId")) for write in sandbox.writes()] == [
        ("delete", 7001),
        ("create", None),
    ]
    assert stored(sandbox) == {7002: "Active"}


@pytest.mark.parametrize("flags", [(), ("-refresh=false",)], ids=["refreshed", "not refreshed"])
def test_replacing_a_tainted_callback_that_its_configuration_names_is_refused(
    terraform: Terraform, sandbox: Sandbox, flags: tuple[str, ...]
) -> None:
    terraform.write(one("  callback_id = 7001", '  on_destroy = "delete"'))
    terraform.apply()
    terraform.run("taint", ADDRESS)
    error = terraform.plan(*flags, expect=1).error
    assert error.attribute == "callback_id"
    assert "Callback 7001 " in error.detail
    assert "terraform untaint" in error.detail
    assert "To register a new callback, remove `callback_id`" in error.detail
    terraform.apply(*flags, expect=1)
    assert sandbox.writes() == []
    assert terraform.state(ADDRESS)["callback_id"] == 7001


def test_a_callback_that_moved_to_another_address_is_not_destroyed_at_the_old_one(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(one("  callback_id = 7001", '  on_destroy = "delete"'))
    terraform.apply()
    renamed = one("  callback_id = 7001", '  on_destroy = "delete"').replace('"orders"', '"parcels"')
    terraform.write(renamed)
    plan = terraform.plan(expect=1)
    assert all("allback 7001 " in error.detail and "`moved` block" in error.detail for error in plan.errors)

    terraform.write(f"{renamed}moved {{\n  from = {ADDRESS}\n  to = ecgrid_callback.parcels\n}}\n")
    terraform.apply()
    assert set(terraform.instances()) == {"ecgrid_callback.parcels"}
    assert sandbox.writes() == []


@pytest.mark.parametrize("way", STOPPING)
def test_callbacks_whose_addresses_shift_are_not_destroyed_at_their_old_ones(
    terraform: Terraform, sandbox: Sandbox, way: str
) -> None:
    numbers = [7001, *(sandbox.store.put(url=f"https://app.example.com/{number}") for number in (2, 3))]

    def write(ids: list[int], on_destroy: str) -> None:
        terraform.write(
            one(f"  count = {len(ids)}", f"  callback_id = {ids}[count.index]", f'  on_destroy = "{on_destroy}"')
        )

    write(numbers, way)
    terraform.apply()
    write(numbers[1:], "retain")
    errors = terraform.plan(expect=1).errors
    assert any(f"allback {number} " in one.detail for number in numbers[1:] for one in errors)
    assert sandbox.writes() == []

    write(numbers, "retain")
    terraform.apply()
    write(numbers[1:], way)
    terraform.apply()
    assert sandbox.writes() == [], "`retain`, last applied, destroys none"


@needs("removed")
def test_a_callback_that_one_address_forgets_and_another_one_names_is_adopted_in_two_steps(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(one("  callback_id = 7001", '  on_destroy = "delete"'))
    terraform.apply()
    # The read makes Terraform look at the old address first.
    read = 'data "ecgrid_callback" "read" {\n  callback_id = 7001\n}\n'
    new = 'resource "ecgrid_callback" "new" {\n  callback_id = data.ecgrid_callback.read.callback_id\n}\n'
    forgotten = f"removed {{\n  from = {ADDRESS}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    terraform.write(forgotten + read + new)
    error = terraform.plan(expect=1).error
    assert error.address == "ecgrid_callback.new"
    assert "would destroy" not in error.detail, "Terraform tells the provider no more than of a tainted resource"
    assert "`removed` block" in error.detail
    assert "apply that block first" in error.detail

    terraform.write(forgotten)
    terraform.apply()
    terraform.write(forgotten + read + new)
    terraform.apply()
    assert set(terraform.instances()) == {"data.ecgrid_callback.read", "ecgrid_callback.new"}
    assert sandbox.writes() == []


def test_a_replacement_by_an_unknown_callback_is_refused_where_the_old_one_would_be_lost(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    first = sandbox.store.put(url="https://app.example.com/0")
    for number in range(1, 8):
        sandbox.store.put(url=f"https://app.example.com/{number}")
    terraform.write(
        'variable "first" {}\n'
        'resource "terraform_data" "id" {\n  count = 4\n  input = var.first + count.index\n}\n'
        + each(f"  callback_id = terraform_data.id[index({list(WAYS)}, each.key)].output".replace("'", '"'))
    )
    terraform.apply(f"-var=first={first}")
    plan = terraform.plan(f"-var=first={first + 4}", expect=1)
    refused = {one.address: one for one in plan.errors if one.attribute == "callback_id"}
    assert set(refused) == {f'ecgrid_callback.each["{way}"]' for way in STOPPING}
    for error in refused.values():
        assert "known at plan" in error.detail
        assert '`on_destroy = "retain"`' in error.detail
    allowed = terraform.plan(f"-var=first={first + 4}", '-target=ecgrid_callback.each["retain"]', expect=2)
    assert [action for address, action in allowed.actions.items() if "ecgrid" in address] == ["replace"]
    assert sandbox.writes() == []


@pytest.mark.parametrize("way", ["delete", "suspend"])
@pytest.mark.parametrize("name", ["a_later", "z_later"])  # Terraform may plan either first
def test_a_take_over_of_an_unknown_callback_is_refused_beside_the_destruction_of_another(
    terraform: Terraform, sandbox: Sandbox, way: str, name: str
) -> None:
    terraform.write(one("  callback_id = 7001", f'  on_destroy = "{way}"'))
    terraform.apply()
    known_later = 'resource "terraform_data" "id" {\n  input = 7001\n}\n'
    later = f'resource "ecgrid_callback" "{name}" {{\n  callback_id = terraform_data.id.output\n}}\n'
    terraform.write(known_later + later)
    error = terraform.plan("-parallelism=1", expect=1).error
    assert error.summary == "Destruction may lose callback 7001"
    assert "known at plan" in error.detail
    assert sandbox.writes() == []


def test_a_replacement_that_would_register_without_the_scope_is_refused_with_the_line_to_add(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(one(*NEW))
    sandbox.store.change(7001, url="https://app.example.com/orders", networkId=0)
    terraform.import_(ADDRESS, 7001)
    error = terraform.plan(f"-replace={ADDRESS}", expect=1).error
    assert "Callback 7001 " in error.detail
    assert "`mailbox_id = 12345`" in error.detail

    terraform.write(one(*NEW, "  mailbox_id = 12345"))
    terraform.apply(f"-replace={ADDRESS}")
    delete, create = sandbox.writes()
    assert (delete.call, delete.body) == ("delete", {"callbackId": 7001})
    assert create.body == {"url": "https://app.example.com/orders", "event": "Parcel", "mailboxId": 12345}


def test_a_change_of_one_scope_does_not_lose_the_other(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(one(*NEW, "  mailbox_id = 1", "  network_id = 5"))
    terraform.apply()
    terraform.write(one(*NEW, "  mailbox_id = 2"))
    assert "`network_id = 5`" in terraform.plan(expect=1).error.detail
    terraform.write(one(*NEW, "  mailbox_id = 2", "  network_id = 0"))
    assert terraform.plan(expect=2).actions == {ADDRESS: "replace"}, "an explicit 0 is a scope that was asked for"


@BOTH_MODELS
def test_a_terminated_callback_that_is_to_have_another_status_is_replaced(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    # Configured, because a replacement must not lose a network that ECGrid shows.
    network = "  network_id = 5050"
    terraform.write('variable "status" {}\n' + each(*EACH_NEW, network, "  status = var.status"))
    terraform.apply("-var=status=Terminated")
    before = ids(terraform)
    writes = len(sandbox.writes())
    plan = terraform.plan("-var=status=Active", expect=2)
    assert plan.actions == REPLACED
    assert_said_where_no_delete_is_seen(plan, before)
    assert "`Terminated`" in next(one.detail for one in plan.warnings if f"Callback {before['suspend']} " in one.detail)

    terraform.apply("-var=status=Active")
    sent = [(write.call, (write.body or {}).get("callbackId")) for write in sandbox.writes()[writes:]]
    assert sorted(sent, key=str) == [*[("create", None)] * 4, ("delete", before["delete"])], (
        "what is terminated already is left as it is, and a new callback is Active"
    )
    assert stored(sandbox) == {
        7001: "Suspended",
        **{number: "Terminated" for way, number in before.items() if way != "delete"},
        **dict.fromkeys(ids(terraform).values(), "Active"),
    }


def test_a_change_to_a_terminated_callback_is_refused_unless_it_asks_for_a_new_one(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(one(*NEW))
    terraform.apply()
    sandbox.store.change(7002, status="Terminated")
    assert terraform.plan().empty, "there is nothing to send"

    terraform.write(one('  url = "https://app.example.com/v2"', '  event = "Parcel"'))
    error = terraform.plan(expect=1).error
    assert (error.attribute, "Callback 7002 " in error.detail) == ("url", True)
    assert "another `status`" in error.detail

    terraform.write(one(*NEW, "  callback_id = 7002", '  status = "Active"'))
    error = terraform.plan(expect=1).error
    assert (error.attribute, "Callback 7002 " in error.detail) == ("status", True)
    assert "remove `callback_id`" in error.detail

    terraform.write(one(*NEW, '  status = "Suspended"'))
    assert terraform.plan(expect=2).actions == {ADDRESS: "replace"}
    assert [write.call for write in sandbox.writes()] == ["create"]


def test_two_resources_that_swap_their_callbacks_are_refused_where_both_would_be_lost(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    other = sandbox.store.put(url="https://app.example.com/other", event="Parcel", status="Active")

    def write(first: int, second: int) -> None:
        terraform.write(
            "".join(
                f'resource "ecgrid_callback" "{name}" {{\n  callback_id = {callback_id}\n  on_destroy = "delete"\n}}\n'
                for name, callback_id in (("first", first), ("second", second))
            )
        )

    write(7001, other)
    terraform.apply()
    write(other, 7001)
    plan = terraform.plan(expect=1)
    assert "Destruction would lose the callback" in {one.summary for one in plan.errors}
    assert sandbox.writes() == []
