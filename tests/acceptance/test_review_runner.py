"""examples/review: when its runner gives no verdict, which is no approval."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform
from tests.acceptance.test_review import CHECKOUT, EPHEMERAL, REVIEW, SECRET, callback, password_wo, run

CALLBACK = {"mode": "managed", "type": "ecgrid_callback"}


def planned(**other: Any) -> dict[str, Any]:
    """A plan of one callback, with nothing to refuse."""
    after = {"url": "https://app.example.com/hush", "password": None, "on_destroy": "delete"}
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}}
    resource = CALLBACK | {"address": "ecgrid_callback.x", "change": change}
    configuration: dict[str, Any] = {"root_module": {}}
    shown = {"format_version": "1.2", "planned_values": {}, "configuration": configuration}
    return shown | {"resource_changes": [resource]} | other


def written(folder: Path, content: Any) -> Path:
    file = folder / "given.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_deferred_callback_is_refused(tmp_path: Path) -> None:
    change = planned()["resource_changes"][0]
    deferred = {"deferred_changes": [{"reason": "provider_config_unknown", "resource_change": change}]}
    done = run(written(tmp_path, planned(resource_changes=[]) | deferred))
    assert (done.returncode, done.stdout) == (
        1,
        "ecgrid_callback.x: is deferred to a later plan, so it cannot be reviewed\n",
    )


@needs("write-only")
def test_what_terraform_prints_or_keeps_besides_is_no_plan(terraform: Terraform, tmp_path: Path) -> None:
    terraform.write(EPHEMERAL + callback("x", password_wo("var.secret")))
    terraform.apply(f"-var=secret={SECRET}")
    plan = terraform.plan(f"-var=secret={SECRET}")
    shown = json.dumps(plan.json)
    state = json.dumps(terraform.show())
    for what in (plan.stdout.encode(), state.encode(), shown.encode()[:-1], (shown + "\n" + shown).encode()):
        assert run(written(tmp_path, what)).returncode == 2
    assert "terraform show -json PLAN" in run(terraform.folder / plan.file).stderr
    assert run("-", stdin=shown.encode("utf-16")).returncode == 0, "what PowerShell writes"


NO_PLANS = {
    "empty": b"",
    "a word": b"s3cret",
    "a string": b'"s3cret"',
    "null": b"null",
    "a list": b"[]",
    "an empty object": b"{}",
    "no text": b"\xff\xfe\xff",
    "too deep": b"[" * 100_000,
    "not a number": json.dumps(planned()).replace("null", "NaN").encode(),
    "a later format": planned(format_version="2.0"),
    "ended with an error": planned(errored=True),
    "no configuration": planned(configuration=None),
    "changes as an object": planned(resource_changes={"s3cret": "s3cret"}),
    "changes as strings": planned(resource_changes=["s3cret"]),
    "a change without content": planned(resource_changes=[CALLBACK | {"address": "s3cret"}]),
    "a change of another shape": planned(
        resource_changes=[
            CALLBACK | {"address": "x", "change": {"actions": ["create"], "before": None, "after": ["s3cret"]}}
        ]
    ),
}


@pytest.mark.parametrize("content", NO_PLANS.values(), ids=NO_PLANS)
def test_a_file_that_is_no_plan_is_not_reviewed(content: Any, tmp_path: Path) -> None:
    assert run(written(tmp_path, planned())).returncode == 0
    done = run(written(tmp_path, content))
    assert (done.returncode, done.stdout) == (2, "")
    assert "not reviewed" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_or_a_domain_that_cannot_be_used_is_not_reviewed(tmp_path: Path) -> None:
    plan = written(tmp_path, planned())
    assert run(tmp_path / "missing.json").returncode == 2
    assert run(tmp_path).returncode == 2
    assert run(plan, "--policy", str(tmp_path / "missing.rego"), "--domain", "example.com").returncode == 2
    for domain in ("", ".example.com", "com", "*.example.com", "https://example.com", "example.com."):
        assert run(plan, "--domain", domain).returncode == 2, domain


@pytest.mark.parametrize(
    "policy",
    [
        "package ecgrid.callbacks\nreview := {",
        "package elsewhere\nreview := {}",
        'package ecgrid.callbacks\nreview := {"reviewed": 0, "refused": set()}',
        'package ecgrid.callbacks\nreview := {"reviewed": 1, "refused": {1 | to_number("x") == 1}}',
        "package ecgrid.callbacks\nreview := input.resource_changes[0].change",
        'package ecgrid.callbacks\nreview := {"reviewed": 1, "refused": input.resource_changes}',
        "",
    ],
)
def test_a_policy_that_gives_no_answer_is_no_approval(policy: str, tmp_path: Path) -> None:
    file = tmp_path / "policy.rego"
    file.write_text(policy, encoding="utf-8")
    done = run(written(tmp_path, planned()), "--policy", str(file), "--domain", "example.com")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_a_refusal_is_one_line_whatever_its_address_holds(tmp_path: Path) -> None:
    change = planned()["resource_changes"][0] | {"address": 'ecgrid_callback.x["a\n::error::b\u2028\x1b[0m"]'}
    done = run(written(tmp_path, planned(resource_changes=[change])), "--domain", "other.example")
    assert done.stdout.splitlines() == [
        r"""ecgrid_callback.x["a\n::error::b\u2028\x1b[0m"]: url's host app.example.com is not under other.example"""
    ]


def test_without_regopy_nothing_is_reviewed(tmp_path: Path) -> None:
    (tmp_path / "regopy.py").write_text("raise ImportError", encoding="utf-8")
    done = run(written(tmp_path, planned()), PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "pip install -r requirements.txt" in done.stderr


def test_the_tests_run_on_the_pinned_regopy() -> None:
    pin = (REVIEW / "requirements.txt").read_text(encoding="utf-8").strip()
    extras = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert pin in extras["dev"]
