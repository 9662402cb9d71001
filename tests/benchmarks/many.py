"""What many callbacks cost: created, planned without a change, changed; how many requests and how much memory.

Beside this provider: Terraform's built-in `terraform_data`, which does nothing and so is the floor; `tf`'s own server
with a resource of the same attributes that does nothing either; `terraform_data` with a `local-exec` of curl, as people
do it without a provider; this provider where the API refuses queue-list, so that every callback is read by its id; and,
where there is a Go to build it, a provider of the same schemas that waits for each change as long as the API would, and
does nothing else: no provider can be faster with this state in this Terraform.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.benchmarks.plugins import FLOOR, OURS, STOCK_NOOP, Plugin
from tests.benchmarks.table import markdown, shown
from tests.benchmarks.workspace import Workspace

# `count`: Terraform evaluates a computed `for_each` anew for every instance.
CALLBACKS = """
variable "release" {
  default = 1
}
provider "ecgrid" {}
resource "ecgrid_callback" "many" {
  count = COUNT
  url   = "https://app.example.com/v${var.release}/${count.index}"
  event = "Parcel"
}
"""
_NOOP = CALLBACKS.replace("ecgrid_callback", "noop_callback").replace('provider "ecgrid" {}\n', "")
_FLOOR = """
variable "release" {
  default = 1
}
resource "terraform_data" "many" {
  count = COUNT
  input = "https://app.example.com/v${var.release}/${count.index}"
}
"""
_CURL = r"""
variable "release" {
  default = 1
}
resource "terraform_data" "many" {
  count            = COUNT
  triggers_replace = "https://app.example.com/v${var.release}/${count.index}"
  provisioner "local-exec" {
    quiet       = true
    environment = { BODY = jsonencode({ url = self.triggers_replace, event = "Parcel" }) }
    command     = <<-EOT
      curl -sf -o /dev/null -H "X-API-Key: $ECGRID_API_KEY" -H "Content-Type: application/json" -d "$BODY" \
        $ECGRID_BASE_URL/v2/callbacks/create
    EOT
  }
}
"""
_BY_ID = f"{OURS}, each read by id"
_STEPS = (
    ("create", ("apply", "-auto-approve")),
    ("plan", ("plan",)),
    ("change", ("apply", "-auto-approve", "-var=release=2")),
)


@dataclass
class _Cell:
    seconds: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step, _ in _STEPS})
    requests: dict[str, int] = field(default_factory=dict)
    peak: int = 0


def measure(plugins: dict[str, Plugin], sizes: list[int], latencies: list[int], runs: int) -> str:
    """Measure, and return a table. `latencies` are milliseconds before each answer of the API."""
    contenders: dict[str, tuple[Plugin | None, str, bool]] = {
        "terraform_data": (None, _FLOOR, False),
        STOCK_NOOP: (plugins[STOCK_NOOP], _NOOP, False),
        "terraform_data with curl": (None, _CURL, False),
        OURS: (plugins[OURS], CALLBACKS, False),
        _BY_ID: (plugins[OURS], CALLBACKS, True),
    }
    if FLOOR in plugins:
        contenders[FLOOR] = (plugins[FLOOR], CALLBACKS, False)
    rows = []
    for latency in latencies:
        for size in sizes:
            cells = {name: _Cell() for name in contenders}
            for run in range(runs):
                for name, (plugin, hcl, by_id) in contenders.items():
                    _once(
                        cells[name], plugin, hcl.replace("COUNT", str(size)), latency, by_id=by_id, last=run == runs - 1
                    )
            rows += [[name, str(size), f"{latency} ms", *_row(cell)] for name, cell in cells.items()]
    steps = [step for step, _ in _STEPS]
    head = ["by", "number", "latency", *(column for step in steps for column in (step, "requests")), "memory"]
    return markdown(head, rows)


def _once(cell: _Cell, plugin: Plugin | None, hcl: str, latency: int, *, by_id: bool, last: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        if by_id:
            sandbox.faults.add("queue-list", times=None, error_code="AccessDenied", delay=latency / 1000)
        if latency:
            sandbox.faults.add("*", times=None, delay=latency / 1000)
        env = {"ECGRID_API_KEY": sandbox.api_key, "ECGRID_BASE_URL": sandbox.url, "FLOOR_DELAY_MS": str(latency)}
        space = Workspace(Path(folder), plugin, hcl, env)
        for step, args in _STEPS:
            sandbox.requests.clear()
            cell.seconds[step].append(space.run(*args))
            cell.requests[step] = len(sandbox.requests)
        if last and plugin is not None:
            cell.peak = space.peak_of_plugin("apply", "-auto-approve", "-var=release=3")


def _row(cell: _Cell) -> list[str]:
    figures = [part for step, _ in _STEPS for part in (shown(cell.seconds[step]), str(cell.requests[step]))]
    return [*figures, f"{cell.peak / 1e6:.0f} MB" if cell.peak else "–"]
