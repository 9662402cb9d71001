"""The whole way once: take over, change, give back, import, destroy."""

from __future__ import annotations

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import EVERY_LINE, Terraform

ADDRESS = "ecgrid_callback.orders"

TAKE_OVER = """
resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  url            = "https://app.example.com/webhooks/ecgrid-v2"
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = "n3wP@ssword!"
}
"""

IMPORTED = """
resource "ecgrid_callback" "orders" {
  url   = "https://app.example.com/webhooks/ecgrid-v3"
  event = "Parcel"
}
"""


@EVERY_LINE
def test_a_callback_is_taken_over_changed_imported_and_destroyed(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER)
    assert terraform.validate().diagnostics == []
    terraform.apply()
    (write,) = sandbox.writes()
    assert (write.method, write.path) == ("POST", "/v2/callbacks/update")
    assert write.body == {
        "callbackId": 7001,
        "url": "https://app.example.com/webhooks/ecgrid-v2",
        "status": "Active",
        "httpAuthType": "Basic",
        "username": "webhook_user",
        "password": "n3wP@ssword!",
    }

    terraform.write(TAKE_OVER.replace("ecgrid-v2", "ecgrid-v3"))
    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "update"}
    terraform.apply()
    assert sandbox.writes()[-1].body == {"callbackId": 7001, "url": "https://app.example.com/webhooks/ecgrid-v3"}

    terraform.destroy()
    stored = sandbox.store.get(7001)
    assert stored is not None, "a destroy must leave a callback that was taken over where it is"
    assert terraform.instances() == {}

    terraform.write(IMPORTED)
    terraform.import_(ADDRESS, 7001)
    assert terraform.plan().empty
    assert terraform.state(ADDRESS)["mailbox_id"] == 12345
    assert len(sandbox.writes()) == 2, "an import must not write"

    terraform.destroy()
    assert sandbox.store.get(7001) is None
