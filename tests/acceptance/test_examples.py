"""Every example is valid for the first Terraform that it needs, and the ones that make a promise keep it."""

from __future__ import annotations

from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform
from tests.acceptance.test_documented import blocks

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# Folder below examples/ → what it needs; nothing: Terraform 1.6.
FOLDERS: dict[str, str | None] = {
    "actions/ecgrid_callback_test": "action",
    "ci": None,
    "data-sources/ecgrid_callback": None,
    "data-sources/ecgrid_callback_events": None,
    "data-sources/ecgrid_callbacks": "import for_each",
    "data-sources/ecgrid_current_user": None,
    "data-sources/ecgrid_mailbox": None,
    "data-sources/ecgrid_mailboxes": None,
    "modules/mailbox-callbacks": "write-only",
    "modules/several_events": None,
    "provider": None,
    "quickstart": None,
    "resources/ecgrid_callback": "identity",
    "rotation": "write-only",
}


def use(terraform: Terraform, *files: Path) -> None:
    """Copy files of examples into the working folder; one that says itself where the provider comes from may."""
    for file in files:
        text = file.read_text(encoding="utf-8")
        if "required_providers" in text:
            (terraform.folder / "versions.tf").unlink()
        terraform.write(text, file.name)


def test_every_folder_of_examples_is_named_here() -> None:
    folders = {str(file.parent.relative_to(EXAMPLES)) for file in EXAMPLES.rglob("*.tf")}
    assert {folder for folder in folders if ".terraform" not in folder} == set(FOLDERS)


@pytest.mark.parametrize(
    "folder",
    [pytest.param(folder, marks=[needs(feature)] if feature else []) for folder, feature in FOLDERS.items()],
)
def test_an_example_is_valid_and_formatted(terraform: Terraform, folder: str) -> None:
    use(terraform, *sorted((EXAMPLES / folder).glob("*.tf")))
    assert terraform.validate().diagnostics == []
    terraform.run("fmt", "-check", "-diff")


def test_the_resources_example_alone_needs_nothing_new(terraform: Terraform) -> None:
    use(terraform, EXAMPLES / "resources" / "ecgrid_callback" / "resource.tf")
    assert terraform.validate().diagnostics == []


@needs("moved types")
def test_the_move_of_the_guide_is_that_of_the_examples_and_sends_what_differs(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    guide = EXAMPLES.parent / "docs" / "guides" / "coming_from_restapi_or_curl.md"
    (old,), (new,) = blocks(guide, "tf"), blocks(guide, "hcl")
    assert new == (EXAMPLES / "resources" / "ecgrid_callback" / "moved.tf").read_text(encoding="utf-8")
    terraform.write(old)
    terraform.apply()
    terraform.write(new)
    plan = terraform.plan(expect=2)
    assert plan.actions == {"ecgrid_callback.shipments": "update"}
    terraform.apply()
    (write,) = sandbox.writes()
    assert write.body == {"callbackId": 7001, "url": "https://app.example.com/webhooks/shipments", "status": "Active"}


@needs("import for_each")
def test_the_adoption_of_a_mailbox_sends_nothing_and_deletes_nothing_that_is_no_longer_listed(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.put(url="https://b.example.com/hook", mailboxId=12345, event="Mailbox")
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_callbacks" / "data-source.tf")
    terraform.apply()
    assert set(terraform.instances()) == {
        "data.ecgrid_callbacks.mailbox",
        'ecgrid_callback.mailbox["7001"]',
        'ecgrid_callback.mailbox["7002"]',
    }

    def without_the_second(page: dict[str, object]) -> dict[str, object]:
        entries = page["queueEntries"]
        assert isinstance(entries, list)
        kept = [entry for entry in entries if entry["callbackId"] != 7002]
        return page | {"queueEntries": kept, "totalRecords": len(kept)}

    sandbox.faults.add("queue-list", times=None, transform=without_the_second)
    applied = terraform.apply()
    assert {one.summary for one in applied.warnings} == {"Callback stays registered"}
    assert 'ecgrid_callback.mailbox["7002"]' not in terraform.instances()
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("attempt", "passes"),
    [({}, True), ({"lastAttempt": "2026-05-07T09:00:00Z", "lastHttpStatus": 200}, True)]
    + [({"lastAttempt": "2026-05-07T09:00:00Z", "lastHttpStatus": status}, False) for status in (0, 204, 500)],
)
def test_the_check_warns_while_the_last_delivery_was_not_answered_by_200(
    terraform: Terraform, sandbox: Sandbox, attempt: dict[str, object], passes: bool
) -> None:
    def attempted(answer: dict[str, object]) -> dict[str, object]:
        for entry in answer.get("queueEntries", [answer]):  # type: ignore[attr-defined]  # a list in a list's answer
            entry.update(attempt)
        return answer

    for call in ("get-queue-by-id", "queue-list"):
        sandbox.faults.add(call, times=None, transform=attempted)
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_callback" / "data-source.tf")
    plan = terraform.plan()
    assert [one.summary for one in plan.warnings] == ([] if passes else ["Check block assertion failed"])
