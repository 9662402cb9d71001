"""Fixtures of the acceptance tests: a sandbox and a Terraform that is pointed at it, both of one test alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox import gate
from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance import features
from tests.acceptance.harness import Terraform, find_terraform
from tests.acceptance.release import release_of
from tests.acceptance.secret_search import SecretSearch
from tests.unit.sandbox.endpoint import Endpoint, endpoint

_OMITTED = pytest.StashKey[Counter[str]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not belong to the one release that the run is for."""
    if not features.alone():
        return
    release = release_of(find_terraform())
    left, reasons = features.select([item for item in items if Path(__file__).parent in item.path.parents], release)
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=list(left))
    config.stash[_OMITTED] = reasons
    if hasattr(config, "workeroutput"):  # in a worker of pytest-xdist, whose controller collects nothing itself
        config.workeroutput["omitted"] = dict(reasons)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist omitted; all of them say the same."""
    node.config.stash[_OMITTED] = Counter(getattr(node, "workeroutput", {}).get("omitted", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Report how many tests were omitted, and why."""
    for reason, count in sorted(config.stash.get(_OMITTED, Counter[str]()).items()):
        terminalreporter.write_line(f"{reason}: {count} tests omitted")


@pytest.fixture(autouse=True)
def secret_search() -> Iterator[SecretSearch]:
    """Search, after each test, all that its Terraforms left for the secrets in play; a test declares nothing."""
    search = SecretSearch()
    start = Terraform.start

    def started(terraform: Terraform, *args: str, env: Mapping[str, str | None] | None = None) -> Popen[str]:
        search.started(terraform, args, terraform.environment(env))
        return start(terraform, *args, env=env)

    # At the classes, because tests make Terraforms and sandboxes of their own, and clear the requests.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "Recorded", search.recorded)
        patch.setattr(Terraform, "start", started)
        yield search
    assert search.findings() == []


@pytest.fixture
def lookups() -> str:
    """The model that the lookups follow, or "refused"; `BOTH_MODELS` and `EVERY_API` run a test on several."""
    return "registrations"


@pytest.fixture
def terraform_version(request: pytest.FixtureRequest) -> str:
    """Which Terraform a test runs: "path", or a release line like "1.6" given by `parametrize` or chosen by `needs`."""
    return features.version_for(request.node)


@pytest.fixture
def https_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """An HTTPS endpoint that the sandbox trusts; its `status` is what it answers."""
    with endpoint(tmp_path) as served:
        monkeypatch.setenv("SSL_CERT_FILE", str(served.certificate))  # for this process, in which the sandbox delivers
        yield served


@pytest.fixture
def sandbox(lookups: str) -> Iterator[Sandbox]:
    """A running sandbox."""
    with Sandbox(lookups="events" if lookups == "events" else "registrations") as running:
        if lookups == "refused":
            for call in LOOKUP_CALLS:
                running.faults.add(call, times=None, error_code="AccessDenied")
        yield running


@pytest.fixture
def terraform(tmp_path: Path, sandbox: Sandbox, terraform_version: str) -> Terraform:
    """A Terraform in an empty folder whose environment holds the sandbox's address and key."""
    env = {"ECGRID_BASE_URL": sandbox.url, "ECGRID_API_KEY": sandbox.api_key}
    return Terraform(tmp_path, find_terraform(terraform_version), env)
