"""First contact with an API whose lookups are not known: none of them stands in the way of the seed's one write.

And what is not ECGrid never reads as "No changes", nor as "gone".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import BOTH_MODELS, Terraform
from tests.acceptance.test_take_over import SEED, SEED_BODY

ADDRESS = "ecgrid_callback.orders"
IMPATIENT = 'provider "ecgrid" {\n  max_retries = 0\n}\n'
BLIND = "Callbacks not visible at ECGrid"
REGISTERED = """
resource "ecgrid_callback" "orders" {
  url   = "https://app.example.com/webhooks/ecgrid"
  event = "Parcel"
}
"""


def refusing(status: int, code: str) -> Callable[[Sandbox], None]:
    """Let both calls of model Q be refused."""

    def spoil(sandbox: Sandbox) -> None:
        for call in ("get-queue-by-id", "queue-list"):
            sandbox.faults.add(call, times=None, status=status, error_code=code)

    return spoil


def of_another_callback(sandbox: Sandbox) -> None:
    """Let model Q's call answer a delivery of another callback."""
    nested = {
        "callBackEventId": 7500,
        "networkId": 1,
        "mailboxId": 1,
        "status": "Active",
        "url": "https://b.example.com/",
    }
    delivery = {"callBackQueueId": 7001, "status": "Active", "callsRemaining": 1, "nextCall": None, "event": nested}
    sandbox.faults.add("get-queue-by-id", times=None, status=200, body=_success(delivery))


def refusing_every_lookup(sandbox: Sandbox) -> None:
    for call in LOOKUP_CALLS:
        sandbox.faults.add(call, times=None, error_code="AccessDenied")


def _success(data: dict[str, Any]) -> str:
    return json.dumps({"success": True, "data": data})


VARIANTS: dict[str, tuple[str, Callable[[Sandbox], None]]] = {
    "model E, not found by Q's calls": ("events", refusing(404, "ObjectNotFound")),
    "model E, refused by Q's calls": ("events", refusing(400, "InvalidParameter")),
    "model E, another callback's delivery by Q's": ("events", of_another_callback),
    "every lookup refused": ("registrations", refusing_every_lookup),
}


@core
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_seeds_values_are_the_seeds_one_write_whatever_the_lookups_do(
    terraform: Terraform, sandbox: Sandbox, variant: str
) -> None:
    sandbox.lookups, spoil = VARIANTS[variant]  # type: ignore[assignment]  # a name of one of the two models
    spoil(sandbox)
    terraform.write(SEED)
    assert terraform.plan(expect=2).errors == []
    terraform.apply()
    (write,) = sandbox.writes()
    assert (write.call, list((write.body or {}).items())) == ("update", SEED_BODY)
    shown = terraform.plan(expect=0).diagnostics
    assert [one.summary for one in shown] == ([BLIND] if variant == "every lookup refused" else [])
    assert terraform.destroy().errors == []
    assert sandbox.store.get(7001) is not None, "it was taken over, so it is retained"
    assert len(sandbox.writes()) == 1


def test_lookups_that_are_all_refused_are_told_once_per_run(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(IMPATIENT + REGISTERED + REGISTERED.replace("orders", "more").replace("/ecgrid", "/more"))
    terraform.apply()
    refusing_every_lookup(sandbox)
    for _ in range(2):
        plan = terraform.plan(expect=0)
        assert [one.summary for one in plan.warnings] == [BLIND], "and again at the next plan, because it stays true"
        assert "compares only with the state" in plan.warning.detail
    sandbox.faults.reset()
    assert terraform.plan(expect=0).diagnostics == []


@BOTH_MODELS
def test_an_api_may_change_its_model_between_two_runs_and_nothing_is_lost(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    other = "events" if lookups == "registrations" else "registrations"
    terraform.write(IMPATIENT + REGISTERED)
    terraform.apply()
    assert terraform.private(ADDRESS)["shown_by"] == ("queue" if lookups == "registrations" else "event")
    for model in (other, lookups):
        sandbox.lookups = model  # type: ignore[assignment]  # as above
        plan = terraform.plan(expect=0)
        assert plan.diagnostics == []
        terraform.refresh()
        assert terraform.private(ADDRESS)["shown_by"] == ("queue" if model == "registrations" else "event")
        sandbox.store.change(7002, event="Mailbox")
        assert terraform.plan(expect=2).changed(ADDRESS) == {"event": ("Mailbox", "Parcel")}
        sandbox.store.change(7002, event="Parcel")
    assert [write.call for write in sandbox.writes()] == ["create"]


# What a web server that is not ECGrid may answer: status, type, body.
STRANGERS: dict[str, tuple[int, str, bytes]] = {
    "HTML 404": (404, "text/html", b"<html><body>Not Found</body></html>"),
    "HTML 200": (200, "text/html", b"<html><body>Welcome</body></html>"),
    "a gateway's JSON": (200, "application/json", b'{"message": "x"}'),
    "a gateway's 404": (404, "application/json", b'{"message": "no Route matched"}'),
    "empty 200": (200, "", b""),
    "204": (204, "", b""),
}


@contextmanager
def stranger(status: int, kind: str, body: bytes) -> Iterator[str]:
    """Serve one answer to every request; yields the base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("answer", STRANGERS)
def test_what_is_not_ecgrid_never_reads_as_no_changes_nor_as_gone(
    terraform: Terraform, sandbox: Sandbox, answer: str
) -> None:
    taken_over = REGISTERED.replace('"orders" {', '"taken_over" {\n  callback_id = 7001').replace("/ecgrid", "/7001")
    terraform.write(IMPATIENT + REGISTERED + taken_over)
    terraform.apply()
    with stranger(*STRANGERS[answer]) as url:
        env = {"ECGRID_BASE_URL": url + "/prefix"}
        plan = terraform.plan(expect=1, env=env)
        assert {one.summary for one in plan.errors} == {"Callback 7001 not read", "Callback 7002 not read"}
        assert all(f"{url}/prefix sent an answer that is not from ECGrid" in one.detail for one in plan.errors), (
            "with port and path"
        )
        assert "No changes" not in plan.text
        terraform.destroy(expect=1, env=env)
        assert len(terraform.instances()) == 2

        if "204" not in answer:
            destroyed = terraform.destroy("-refresh=false", "-target", ADDRESS, expect=1, env=env)
            assert destroyed.error.summary == "Callback 7002 not destroyed"
            assert f"{url}/prefix" in destroyed.error.detail
            assert ADDRESS in terraform.instances()
    assert terraform.plan(expect=0).diagnostics == []


def test_a_base_url_that_ends_in_v2_is_refused_before_a_request(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(REGISTERED)
    terraform.apply()
    sandbox.requests.clear()
    for run in (terraform.plan, terraform.destroy):
        refused = run(expect=1, env={"ECGRID_BASE_URL": sandbox.url + "/v2"})
        assert any("must not end in `/v2`" in one.detail for one in refused.errors)
    assert sandbox.requests == []
    assert ADDRESS in terraform.instances()
