"""Many callbacks are refreshed with few requests and the results of reading each by id; a change is one request."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import BOTH_MODELS, Terraform

MANY = 60
BY_ID, PAGE = "get-queue-by-id", "queue-list"
CALLBACKS = """
provider "ecgrid" {
  max_retries = 0
}
variable "release" {
  default = 1
}
resource "ecgrid_callback" "many" {
  count = COUNT
  url   = "https://app.example.com/v${var.release}/${count.index}"
  event = "Parcel"
}
"""


def register(terraform: Terraform, sandbox: Sandbox, count: int = MANY) -> None:
    """Register callbacks 7002, 7003, …, and forget the requests of it."""
    terraform.write(CALLBACKS.replace("COUNT", str(count)))
    terraform.run("apply", "-auto-approve")
    sandbox.requests.clear()


def address(callback_id: int, terraform: Terraform) -> str:
    """Where the state holds a callback."""
    instances = terraform.instances().items()
    return next(name for name, one in instances if one["attributes"]["callback_id"] == callback_id)


def calls(sandbox: Sandbox) -> Counter[str]:
    """How often each call was made since this was asked last."""
    counted = Counter(request.call for request in sandbox.requests)
    sandbox.requests.clear()
    return counted


@core
def test_sixty_callbacks_are_refreshed_with_three_requests(terraform: Terraform, sandbox: Sandbox) -> None:
    register(terraform, sandbox)
    plan = terraform.plan(expect=0)
    assert plan.diagnostics == []
    assert calls(sandbox) == {BY_ID: 2, PAGE: 1}

    sandbox.faults.add(PAGE, times=None, error_code="AccessDenied")
    plan = terraform.plan(expect=0)
    assert plan.diagnostics == [], "by id, without a word"
    assert calls(sandbox) == {BY_ID: MANY, PAGE: 1}


def test_what_happened_elsewhere_shows_as_it_does_by_id(terraform: Terraform, sandbox: Sandbox) -> None:
    register(terraform, sandbox)
    sandbox.store.change(7010, event="Invoice")
    sandbox.store.change(7020, status="Suspended", url="https://app.example.com/elsewhere")
    sandbox.store.remove(7030)
    plan = terraform.plan(expect=2)
    renamed, moved, gone = (address(number, terraform) for number in (7010, 7020, 7030))
    assert plan.actions == {renamed: "update", moved: "update", gone: "create"}
    assert plan.changed(renamed) == {"event": ("Invoice", "Parcel")}
    assert set(plan.changed(moved)) == {"url"}, "no status is configured"
    assert "callback 7030" in plan.warning.text
    made = calls(sandbox)
    assert made[BY_ID] <= 3, "two at first, and what is gone"
    assert made[PAGE] <= 1 + 3, "the list without a status, and with each that may be hidden"


@BOTH_MODELS
def test_a_list_that_spells_urls_otherwise_than_the_lookup_by_id_is_no_drift(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    def spelled(page: dict[str, Any]) -> dict[str, Any]:
        entries = "queueEntries" if "queueEntries" in page else "events"
        return page | {entries: [entry | {"url": entry["url"] + "/"} for entry in page[entries]]}

    for call in (PAGE, "event-list"):
        sandbox.faults.add(call, times=None, transform=spelled)
    register(terraform, sandbox, 6)
    terraform.plan(expect=0)
    assert calls(sandbox) & Counter((PAGE, "event-list")), "a list was read"


def test_a_large_account_of_which_little_is_managed_is_read_by_id(terraform: Terraform, sandbox: Sandbox) -> None:
    for number in range(3000):
        sandbox.store.put(url=f"https://other.example.com/{number}")
    register(terraform, sandbox, count=4)
    assert terraform.plan(expect=0).diagnostics == []
    assert calls(sandbox) == {BY_ID: 4, PAGE: 1}


@pytest.mark.parametrize("parallelism", [10, 64])
def test_an_apply_makes_one_request_per_change_and_as_many_at_once_as_terraform_asks_for(
    terraform: Terraform, sandbox: Sandbox, parallelism: int
) -> None:
    register(terraform, sandbox, count=parallelism)
    terraform.env["TF_VAR_release"] = "2"
    terraform.run("plan", "-out=changes")
    calls(sandbox)
    in_flight: list[int] = []

    def note(record: Any) -> Any:
        in_flight.append(sum(not request.status for request in list(sandbox.requests)))
        return record

    # An answer waits until every other request has had the time to come.
    sandbox.faults.add("update", times=None, delay=5, transform=note)
    terraform.run("apply", f"-parallelism={parallelism}", "changes")
    assert calls(sandbox) == {"update": parallelism}
    assert max(in_flight) == parallelism
