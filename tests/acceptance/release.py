"""Which of the two tools an executable is, and which release line of it."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache
from typing import NamedTuple


class Release(NamedTuple):
    """A release line of Terraform or of OpenTofu: `tool` is that name, `line` is like (1, 11)."""

    tool: str
    line: tuple[int, int]

    def __str__(self) -> str:
        """As people write it: `OpenTofu 1.11`."""
        return f"{self.tool} {self.number}"

    @property
    def registry(self) -> str:
        """The host of the registry whose providers have no host in their address."""
        return {"Terraform": "registry.terraform.io", "OpenTofu": "registry.opentofu.org"}[self.tool]

    @property
    def number(self) -> str:
        """The release line alone: `1.11`."""
        return ".".join(map(str, self.line))


@cache
def release_of(executable: str) -> Release:
    """Tell which tool an executable is, and its release line."""
    environment = {"PATH": os.environ["PATH"], "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    # Not as JSON, in which OpenTofu gives its version by the name of Terraform's.
    said = subprocess.run([executable, "version"], env=environment, capture_output=True, text=True, check=True).stdout
    found = re.match(r"(Terraform|OpenTofu) v(\d+)\.(\d+)\.", said)
    assert found, f"{executable} is neither Terraform nor OpenTofu: {said}"
    return Release(found[1], (int(found[2]), int(found[3])))
