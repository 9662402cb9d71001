"""From Terraform to OpenTofu: the state says that the provider is one of Terraform's registry, and goes on as it is."""

from __future__ import annotations

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import Terraform
from tests.acceptance.test_smoke import ADDRESS

CONFIGURED = 'resource "ecgrid_callback" "orders" {\n  url   = "https://app.example.com/orders"\n  event = "%s"\n}\n'
REGISTRIES = ("registry.opentofu.org/ecgrid/ecgrid", "registry.terraform.io/ecgrid/ecgrid")


@core
def test_a_callback_in_a_state_of_terraform_is_neither_registered_again_nor_lost(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(CONFIGURED % "Parcel")
    terraform.apply()
    file = terraform.folder / "terraform.tfstate"
    file.write_text(file.read_text(encoding="utf-8").replace(*REGISTRIES), encoding="utf-8")
    sandbox.requests.clear()
    assert terraform.plan().empty
    moved = f"moved {{\n  from = {ADDRESS}\n  to   = ecgrid_callback.renamed\n}}\n"
    terraform.write(moved + (CONFIGURED % "Mailbox").replace('"orders"', '"renamed"'))
    terraform.apply()
    (write,) = sandbox.writes()
    assert (write.call, write.body) == ("update", {"callbackId": 7002, "event": "Mailbox"})
