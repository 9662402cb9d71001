"""`verify_delivery`: a test delivery after what touched url, status or credentials, which warns and does no more."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_MODELS, Applied, Terraform
from tests.unit.api.support import unused_port
from tests.unit.sandbox.endpoint import Endpoint

ADDRESS = "ecgrid_callback.orders"
WARNED = "the endpoint was not reached, and the warning is the matter of the test"
TESTED = {"callbackId": 7002}


def configure(terraform: Terraform, url: str, *arguments: str, verify: bool = True) -> None:
    """Write a callback of this URL with `verify_delivery` and these arguments."""
    lines = (f'url = "{url}?token=0k3n-77"', 'event = "Parcel"', f"verify_delivery = {str(verify).lower()}", *arguments)
    terraform.write('resource "ecgrid_callback" "orders" {\n  ' + "\n  ".join(lines) + "\n}\n")


def calls(sandbox: Sandbox) -> list[str]:
    """The writes and test calls since this was asked last; every test call is for the one callback."""
    made = [one for one in sandbox.requests if one.call in ("create", "update", "delete", "test")]
    assert all(one.body == TESTED for one in made if one.call == "test")
    sandbox.requests.clear()
    return [one.call for one in made]


def check_warning(applied: Applied, endpoint: str, *words: str) -> None:
    """Demand the one warning, which names id, scheme and host, and never what is behind them."""
    warning = applied.warning
    assert warning.attribute == "verify_delivery"
    origin = endpoint.removesuffix("/hook")
    for part in ("callback 7002", origin, "The apply succeeded", *words):
        assert part in warning.text, warning
    for secret in ("/hook", "0k3n-77", "b0dy-of-the-endpoint"):
        assert secret not in warning.text


@BOTH_MODELS
def test_a_delivery_is_verified_after_each_apply_that_touched_it_and_after_no_other(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint
) -> None:
    url = https_endpoint.url
    configure(terraform, url, verify=False)
    terraform.apply()
    assert calls(sandbox) == ["create"], "nobody asked"
    configure(terraform, url)
    terraform.apply()
    assert calls(sandbox) == [], "a change of verify_delivery alone sends nothing"
    configure(terraform, url, 'on_destroy = "suspend"')
    terraform.apply()
    assert calls(sandbox) == []

    configure(terraform, url + "/2", 'on_destroy = "suspend"')
    assert terraform.apply().diagnostics == []
    assert calls(sandbox) == ["update", "test"], "the URL"
    assert len(https_endpoint.received) == 1
    configure(terraform, url + "/2", 'status = "Suspended"')
    terraform.apply()
    assert calls(sandbox) == ["update"], "what is not Active delivers nothing"
    configure(terraform, url + "/3", 'status = "Suspended"')
    terraform.apply()
    assert calls(sandbox) == ["update"]
    configure(terraform, url + "/3", 'status = "Active"')
    assert terraform.apply().diagnostics == []
    assert calls(sandbox) == ["update", "test"], "the status"

    terraform.write(terraform.folder.joinpath("main.tf").read_text().replace('"Parcel"', '"Mailbox"'))
    terraform.apply()
    assert calls(sandbox) == ["update"], "the event is no matter of the endpoint"
    https_endpoint.auth = "Basic"
    basic = ('http_auth_type = "Basic"', 'username = "webhook_user"', 'password = "n3wP@ssword!"')
    configure(terraform, url + "/3", 'status = "Active"', *basic)
    assert terraform.apply().diagnostics == []
    assert calls(sandbox) == ["update", "test"], "the credentials"
    terraform.destroy()
    assert calls(sandbox) == ["delete"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, "was answered with HTTP 204, but ECGrid counts only 200 as delivered. Make the endpoint answer 200."),
        (500, "was answered with HTTP 500. Check the endpoint"),
        (None, "got no answer (no connection, or not delivered yet). Check the endpoint"),
    ],
)
def test_an_endpoint_that_does_not_answer_200_is_a_warning_and_taints_nothing(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint, status: int | None, words: str
) -> None:
    https_endpoint.status, https_endpoint.body = status or 200, b"b0dy-of-the-endpoint"
    url = https_endpoint.url if status else f"https://127.0.0.1:{unused_port()}/hook"
    configure(terraform, url)
    check_warning(terraform.apply(unsettled=WARNED), url, words)
    assert calls(sandbox) == ["create", "test"]
    assert not terraform.tainted(ADDRESS)
    assert terraform.plan(expect=0).diagnostics == [], "a plan tests nothing"
    assert calls(sandbox) == []

    configure(terraform, url + "/2")
    check_warning(terraform.apply(unsettled=WARNED), url, words)
    assert calls(sandbox) == ["update", "test"]
    assert terraform.state(ADDRESS)["url"] == f"{url}/2?token=0k3n-77"


def test_a_test_call_that_fails_is_a_warning_too(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint
) -> None:
    sandbox.faults.add("test", error_code="AccessDenied", message=f"no test of {https_endpoint.url}?token=0k3n-77")
    configure(terraform, https_endpoint.url)
    check_warning(terraform.apply(), https_endpoint.url, "could not request a", "AccessDenied")
    assert calls(sandbox) == ["create", "test"]
    assert not terraform.tainted(ADDRESS)

    sandbox.faults.add("test", drop=True)
    terraform.write('provider "ecgrid" {\n  max_retries = 0\n}\n', "provider.tf")
    configure(terraform, https_endpoint.url + "/2")
    check_warning(terraform.apply(), https_endpoint.url, "is not known", "endpoint's log before you request")
    assert calls(sandbox) == ["update", "test"]


def test_a_take_over_verifies_the_delivery_that_it_touched(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint
) -> None:
    sandbox.store.change(7001, url=https_endpoint.url, status="Active")
    head = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  verify_delivery = true\n'
    terraform.write(head + "}\n")
    assert terraform.apply().diagnostics == []
    assert https_endpoint.received == [], "nothing was sent"
    terraform.run("state", "rm", ADDRESS)
    terraform.write(head + '  status = "Active"\n}\n')
    assert terraform.apply().diagnostics == []
    assert [one.body for one in sandbox.requests if one.call == "test"] == [{"callbackId": 7001}]
    assert len(https_endpoint.received) == 1
