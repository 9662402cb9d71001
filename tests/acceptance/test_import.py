"""Importing: by command, by block, for several at once and with generated configuration; an import only reads."""

from __future__ import annotations

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, EVERY_LINE, Terraform

ADDRESS = "ecgrid_callback.orders"
URL = "https://app.example.com/webhooks/ecgrid"

CONFIGURED = f'resource "ecgrid_callback" "orders" {{\n  url   = "{URL}"\n  event = "Parcel"\n}}\n'


def block(callback_id: int) -> str:
    """An import block for one callback."""
    return f'import {{\n  to = ecgrid_callback.orders\n  id = "{callback_id}"\n}}\n'


def assert_only_read(sandbox: Sandbox) -> None:
    calls = {one.call for one in sandbox.requests}
    assert calls, "nothing was asked at all"
    assert calls <= LOOKUP_CALLS


@core
@BOTH_MODELS
def test_an_imported_callback_has_all_that_the_lookups_show_and_is_deleted_by_a_destroy(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    terraform.write(CONFIGURED)
    terraform.import_(ADDRESS, 7001)
    assert_only_read(sandbox)
    state = terraform.state(ADDRESS)
    assert {name: value for name, value in state.items() if value is not None} == {
        "callback_id": 7001,
        "id": "7001",
        "url": URL,
        "event": "Parcel",
        "status": "Suspended",
        "mailbox_id": 12345,  # model Q's queue-list shows it
        "on_destroy": "delete",
    } | ({"network_id": 5050, "http_auth_type": "None"} if lookups == "events" else {})
    assert terraform.plan().empty
    assert_only_read(sandbox)

    assert terraform.destroy().warnings == []
    assert [one.call for one in sandbox.writes()] == ["delete"]
    assert sandbox.store.get(7001) is None


@needs("import for_each")
def test_import_blocks_for_each_adopt_what_is_configured_without_a_write(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    other = sandbox.store.put(url="https://b.example.com/hook", event="Mailbox", mailboxId=9)
    terraform.write(
        "locals {\n"
        "  callbacks = {\n"
        f'    orders = {{ id = 7001, url = "{URL}", event = "Parcel" }}\n'
        f'    boxes  = {{ id = {other}, url = "https://b.example.com/hook", event = "Mailbox" }}\n'
        "  }\n}\n"
        "import {\n  for_each = local.callbacks\n  to       = ecgrid_callback.each[each.key]\n  id = each.value.id\n}\n"
        'resource "ecgrid_callback" "each" {\n'
        "  for_each = local.callbacks\n  url      = each.value.url\n  event    = each.value.event\n}\n"
    )
    plan = terraform.plan()
    assert plan.actions == {f'ecgrid_callback.each["{key}"]': "import" for key in ("orders", "boxes")}
    assert plan.warnings == []
    terraform.apply()
    assert_only_read(sandbox)
    held = {key: (one["attributes"]["mailbox_id"]) for key, one in terraform.instances().items()}
    assert held == {'ecgrid_callback.each["orders"]': 12345, 'ecgrid_callback.each["boxes"]': 9}


def test_an_import_block_whose_configuration_differs_plans_one_update_of_what_differs(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(7001) + CONFIGURED.replace('"Parcel"', '"Interchange"'))
    plan = terraform.plan(expect=2)
    assert plan.changed(ADDRESS) == {"event": ("Parcel", "Interchange")}
    assert_only_read(sandbox)
    terraform.apply()
    assert [one.body for one in sandbox.writes()] == [{"callbackId": 7001, "event": "Interchange"}]


@EVERY_LINE
def test_generated_configuration_of_an_imported_callback_plans_nothing(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(block(7001))
    plan = terraform.plan("-generate-config-out=generated.tf")
    assert plan.actions == {ADDRESS: "import"}
    assert [one.summary for one in plan.diagnostics] == ["Config generation is experimental"], "Terraform's own"
    generated = (terraform.folder / "generated.tf").read_text(encoding="utf-8")
    for name, value in {"url": URL, "event": "Parcel", "status": "Suspended"}.items():
        assert f'{name} = "{value}"' in " ".join(generated.split())
    terraform.apply()
    assert_only_read(sandbox)


def test_generated_configuration_of_a_callback_of_unknown_status_plans_nothing(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    """What no lookup shows is written as null, which must be as good as left out."""
    sandbox.faults.add("*", times=None, transform=_without_status)
    terraform.write(block(7001))
    terraform.plan("-generate-config-out=generated.tf")
    terraform.apply()
    assert terraform.state(ADDRESS)["status"] is None
    assert_only_read(sandbox)


def _without_status(data: dict[str, object]) -> dict[str, object]:
    entries = data.get("queueEntries")
    for entry in entries if isinstance(entries, list) else [data]:
        entry.pop("status", None)
    return data


@BOTH_MODELS
def test_an_id_that_no_lookup_shows_is_an_error_that_says_how_to_take_it_over(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    callback_id = 7999
    terraform.write(CONFIGURED)
    said = terraform.import_(ADDRESS, callback_id, expect=1).text
    assert "Callback not shown by ECGrid" in said
    assert f"No ECGrid lookup shows callback {callback_id}" in said
    assert f"set `callback_id = {callback_id}` in the configuration to take it over instead" in said
    assert "non-existent remote object" not in said, "Terraform's own sentence knows less"
    assert terraform.instances() == {}

    terraform.write(block(callback_id) + CONFIGURED)
    error = terraform.plan(expect=1).error
    assert str(callback_id) in error.detail
    assert f"`callback_id = {callback_id}`" in error.detail
    assert_only_read(sandbox)


def test_an_id_that_is_none_is_an_error_without_a_request(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(CONFIGURED)
    said = terraform.import_(ADDRESS, "orders", expect=1).text
    assert "`orders` is not a callback id" in said
    assert "whole number from 1 to 2147483647" in said
    assert sandbox.requests == []


def test_a_refused_import_says_what_ecgrid_said_and_leaves_no_state(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add("*", times=None, error_code="AccessDenied")
    terraform.write(block(7001) + CONFIGURED)
    error = terraform.plan(expect=1).error
    assert error.summary == "Callback 7001 not imported"
    assert "AccessDenied" in error.detail
    assert "set `callback_id = 7001` in the configuration" in error.detail, "the way that needs no lookup"
    assert terraform.instances() == {}


def test_an_import_whose_list_is_rate_limited_fails_and_does_not_lose_the_scope(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.faults.add("queue-list", times=None, error_code="RateLimitExceeded")
    terraform.write('provider "ecgrid" {\n  max_retries = 0\n}\n' + block(7001) + CONFIGURED)
    error = terraform.plan(expect=1).error
    assert error.summary == "Callback 7001 not imported"
    assert "RateLimitExceeded" in error.detail


def test_the_mailbox_of_an_import_is_left_open_where_ecgrid_lists_no_whole_account(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.faults.queue_list_needs_mailbox = True
    terraform.write(block(7001) + CONFIGURED)
    terraform.apply()
    assert terraform.state(ADDRESS)["mailbox_id"] is None
    assert_only_read(sandbox)
