"""Fixtures of the acceptance tests: a sandbox and a Terraform that is pointed at it, both of one test alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform, find_terraform


@pytest.fixture
def lookups() -> Literal["registrations", "deliveries"]:
    """Which reading of the vendor's pages the sandbox follows; `BOTH_LOOKUPS` runs a test on either."""
    return "registrations"


@pytest.fixture
def terraform_version() -> str:
    """Which Terraform a test runs: "path", or a release line like "1.6" given by `parametrize`."""
    return "path"


@pytest.fixture
def sandbox(lookups: Literal["registrations", "deliveries"]) -> Iterator[Sandbox]:
    """A running sandbox."""
    with Sandbox(lookups=lookups) as running:
        yield running


@pytest.fixture
def terraform(tmp_path: Path, sandbox: Sandbox, terraform_version: str) -> Terraform:
    """A Terraform in an empty folder whose environment holds the sandbox's address and key."""
    env = {"ECGRID_BASE_URL": sandbox.url, "ECGRID_API_KEY": sandbox.api_key}
    return Terraform(tmp_path, find_terraform(terraform_version), env)
