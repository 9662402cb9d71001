"""Generated configuration: valid, minimal, and planned as imports only; a whole account at once."""

from __future__ import annotations

import os
import re
from typing import Any

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, Terraform

pytestmark = needs("generation")

LIST = 'list "ecgrid_callback" "account" {\n  provider = ecgrid\n  limit    = 2000\n}\n'
LISTS = {"registrations": {"queue-list"}, "events": {"queue-list", "event-list", "me"}}
LEFT_OUT = "Value not allowed in a configuration"
# How many callbacks are adopted: 1000 in `make matrix`, fewer elsewhere, because Terraform takes its time for them.
ACCOUNT = int(os.environ.get("ECGRID_TEST_ACCOUNT", "60"))
# Optional arguments that are not computed; Terraform prints those whatever the provider says.
ALWAYS_PRINTED = {"username", "password", "password_wo", "password_wo_version", "verify_delivery"}


def fill(sandbox: Sandbox, count: int) -> list[int]:
    """Register callbacks of every kind until the account has `count`. Returns all ids."""
    kinds = [("Parcel", "Active"), ("Mailbox", "Suspended"), ("AS2", "Active"), ("Interchange", "Terminated")]
    for number in range(count - 1):
        event, status = kinds[number % len(kinds)]
        url = f"https://app{number}.example.com/hook?token=t{number}&q=${{x}}"
        sandbox.store.put(url=url, event=event, status=status, mailboxId=number % 7)
    return [callback["callbackId"] for callback in sandbox.store.all()]


def written(hcl: str) -> dict[str, Any]:
    """The arguments of the one resource block in generated configuration that are not null."""
    (body,) = re.findall(r'^resource "ecgrid_callback" "\w+" \{\n(.*?)^\}', hcl, re.DOTALL | re.MULTILINE)
    pairs = re.findall(r"^  (\w+)\s*= (.*)$", body, re.MULTILINE)
    nulls = {name for name, value in pairs if value.startswith("null")}
    assert nulls <= ALWAYS_PRINTED, "what ECGrid decided must not be written, not even as null"
    return {name: value for name, value in pairs if name not in nulls | {"provider"}}


@core
@BOTH_MODELS
def test_an_account_is_adopted_by_a_query_and_one_apply_without_a_write(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    ids = fill(sandbox, ACCOUNT)
    before = sandbox.store.all()
    of_all = LIST.replace("  limit", "  config {\n    mailbox_id = 0\n  }\n  limit")
    terraform.write(of_all if lookups == "events" else LIST, "account.tfquery.hcl")
    queried = terraform.query("-generate-config-out=account.tf")
    assert len(queried.found) == len(ids)
    assert {one.call for one in sandbox.requests} <= LISTS[lookups]
    assert len(sandbox.requests) <= 3

    terraform.run("fmt", "-check", "-diff", "account.tf")
    terraform.validate()
    sandbox.requests.clear()
    applied = terraform.apply()  # which demands an empty second plan
    assert applied.diagnostics == []
    *_, summary = (one["changes"] for one in applied.messages if one.get("type") == "change_summary")
    assert (summary["import"], summary["add"], summary["change"], summary["remove"]) == (len(ids), 0, 0, 0)
    assert sorted(one["attributes"]["callback_id"] for one in terraform.instances().values()) == ids
    assert {one.call for one in sandbox.requests} <= LOOKUP_CALLS
    assert sandbox.store.all() == before


@core
def test_a_query_over_a_thousand_callbacks_needs_three_requests(terraform: Terraform, sandbox: Sandbox) -> None:
    fill(sandbox, 1000)
    terraform.write(LIST, "account.tfquery.hcl")
    queried = terraform.query("-generate-config-out=account.tf")
    assert len(queried.found) == 1000
    assert [one.call for one in sandbox.requests] == ["queue-list"] * len(sandbox.requests)
    assert len(sandbox.requests) <= 3
    generated = (terraform.folder / "account.tf").read_text(encoding="utf-8")
    assert generated.count("import {") == 1000
    assert generated.count('resource "ecgrid_callback"') == 1000


@core
@BOTH_MODELS
def test_only_what_ecgrid_shows_and_does_not_decide_is_written(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    terraform.write('import {\n  to = ecgrid_callback.orders\n  id = "7001"\n}\n')
    plan = terraform.plan("-generate-config-out=generated.tf")
    assert plan.actions == {"ecgrid_callback.orders": "import"}
    generated = (terraform.folder / "generated.tf").read_text(encoding="utf-8")
    assert written(generated) == {
        "url": '"https://app.example.com/webhooks/ecgrid"',
        "event": '"Parcel"',
        "status": '"Suspended"',
    } | ({"http_auth_type": '"None"'} if lookups == "events" else {})
    terraform.run("fmt", "-check", "-diff", "generated.tf")


def test_a_value_that_would_be_refused_is_left_out_with_a_warning_and_the_id_written(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.change(7001, event="ParcelNotes", url="http://app.example.com/hook?token=s3cr3t")
    before = sandbox.store.get(7001)
    terraform.write('import {\n  to = ecgrid_callback.orders\n  id = "7001"\n}\n')
    plan = terraform.plan("-generate-config-out=generated.tf")
    assert plan.actions == {"ecgrid_callback.orders": "import"}
    (warning,) = (one for one in plan.warnings if one.summary == LEFT_OUT)
    assert "Callback 7001" in warning.detail
    assert "`url` is not an HTTPS URL" in warning.detail
    assert '`event` cannot be "ParcelNotes"' in warning.detail
    assert "hook" not in warning.text
    generated = (terraform.folder / "generated.tf").read_text(encoding="utf-8")
    assert written(generated) == {"callback_id": "7001", "status": '"Suspended"'}
    terraform.apply()  # which demands an empty second plan
    assert sandbox.writes() == []
    assert sandbox.store.get(7001) == before

    terraform.write(LIST, "account.tfquery.hcl")
    assert terraform.query().warnings == []
    queried = terraform.query("-generate-config-out=account.tf")
    assert [one.summary for one in queried.warnings] == [LEFT_OUT]
    assert "Callback 7001" in queried.warning.detail
