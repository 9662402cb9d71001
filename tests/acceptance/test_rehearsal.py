"""The guide "Rehearse a bad day": what it promises comes true with the sandbox that a person starts."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.harness import Terraform

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guides/rehearsing_a_bad_day.md").read_text(encoding="utf-8")
COMMAND = Path(sys.executable).parent / "terraform-provider-ecgrid"
ADDRESS = "ecgrid_callback.orders"
TAKEN_OVER = """\
resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  on_destroy     = "delete"
  url            = "https://app.example.com/webhooks/orders?token=t0ken7781"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = "n3wP@ssword!"
}
"""


def blocks(language: str) -> list[str]:
    """Return the guide's code blocks in one language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


class Rehearsal:
    """A sandbox in a process of its own, as a person starts it."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [COMMAND, "sandbox", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []
        self.env: dict[str, str | None] = {}
        assert self._process.stdout is not None
        while "ECGRID_API_KEY" not in self.env:
            line = self._process.stdout.readline()
            assert line, "".join(self.said)
            self.said.append(line)
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                self.env[name] = value

    def end(self) -> list[str]:
        """Stop it. Return its lines on writes."""
        self._process.terminate()
        logged, _ = self._process.communicate(timeout=60)
        writes = re.compile(r"POST /v2/callbacks/(create|update) |DELETE ")
        return [line for line in logged.splitlines() if writes.match(line)]


@pytest.fixture
def start(terraform: Terraform) -> Iterator[Callable[..., Rehearsal]]:
    """Start a sandbox with arguments, and point Terraform at it."""
    started: list[Rehearsal] = []

    def start(*arguments: str) -> Rehearsal:
        rehearsal = Rehearsal(*arguments)
        started.append(rehearsal)
        terraform.env |= rehearsal.env
        return rehearsal

    yield start
    for rehearsal in started:
        rehearsal.end()


def test_the_guides_day_goes_as_the_guide_says(terraform: Terraform, start: Callable[..., Rehearsal]) -> None:
    first, adoption, move = blocks("console")
    command, *arguments = shlex.split(first)
    assert command == COMMAND.name
    rehearsal = start(*arguments[1:])
    terraform.write(blocks("hcl")[0])

    error = terraform.apply(expect=1).error
    assert error.summary in GUIDE
    assert "callback 7002" in error.detail
    assert terraform.instances() == {}

    importing, plan = (shlex.split(line) for line in adoption.splitlines())
    terraform.run(*importing[1:])
    assert plan[1:] == ["plan"]
    assert terraform.plan().empty

    _, verb, *variables = shlex.split(move)
    assert verb == "apply"
    terraform.apply(*variables)
    assert terraform.state(ADDRESS)["url"].endswith("/orders-v2")
    assert rehearsal.end() == blocks("text")[0].splitlines()


def test_a_destroy_whose_answer_is_lost_succeeds(terraform: Terraform, start: Callable[..., Rehearsal]) -> None:
    rehearsal = start("--fault", "delete:1:reset-after")
    terraform.write(TAKEN_OVER)
    terraform.apply()
    terraform.destroy()
    assert terraform.instances() == {}
    _, lost, repeated = rehearsal.end()
    assert lost.endswith("-> connection closed by --fault delete:1:reset-after")
    assert repeated.startswith("DELETE ")
    assert repeated.endswith("-> 404")


def test_an_echo_shows_no_secret(terraform: Terraform, start: Callable[..., Rehearsal]) -> None:
    """That none is anywhere else is checked after every test."""
    start("--fault", "update:*:echo")
    terraform.write(TAKEN_OVER)
    error = terraform.apply(expect=1, env={"TF_LOG": "TRACE"}).error
    assert "Refused: x-api-key: " in error.detail, "the echo is shown"
    assert "password" in error.detail
    assert "t0ken7781" not in error.text
    assert "sandbox-key" not in error.text
    assert "n3wP@ssword!" not in error.text


def test_a_rule_of_chance_is_printed_with_the_seed_that_repeats_it(start: Callable[..., Rehearsal]) -> None:
    said = "".join(start("--fault", "*:10%:latency=0.001").said)
    printed = re.search(r"Fault rule: --fault '(\*:10%@[0-9]+:latency=0\.001)'\n", said)
    assert printed, said
    assert printed[0] in "".join(start("--fault", printed[1]).said)
