"""Drives the real Terraform or OpenTofu: a working folder, an executable and an environment without the caller's."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.acceptance.release import Release, release_of
from tests.acceptance.results import Applied, Outcome, Plan, Queried, Result, Validated

__all__ = [
    "BOTH_MODELS",
    "EVERY_API",
    "EVERY_LINE",
    "Applied",
    "Outcome",
    "Plan",
    "Queried",
    "Result",
    "Terraform",
    "find_terraform",
]

# For a test that must hold in either of the vendor's models of the lookups.
BOTH_MODELS = pytest.mark.parametrize("lookups", ["registrations", "events"])
# For one that must hold even if every lookup is refused.
EVERY_API = pytest.mark.parametrize("lookups", ["registrations", "events", "refused"])
# For a test that must hold under the oldest and the newest Terraform as well as the one at hand.
EVERY_LINE = pytest.mark.parametrize("terraform_version", ["path", "1.6", "1.15"])

_CHECKOUT = Path(__file__).resolve().parents[2]
_SOURCE = 'terraform {\n  required_providers {\n    ecgrid = {\n      source = "ecgrid/ecgrid"\n    }\n  }\n}\n'
_SECONDS = 180.0
_INHERITED = ("PATH", "TMPDIR", "LANG", "LC_ALL", "SYSTEMROOT")
_ANY = None
_NO_ERROR = (0, 2)

# What may be said again at each plan (contract): it stays true, and the configuration did not ask for it.
_MAY_COME_BACK = frozenset(
    {
        "Callback managed twice",
        "Callbacks not visible at ECGrid",
        "ECGrid not called",
        "List of callbacks incomplete",
        "List of events incomplete",
        "List of mailboxes incomplete",
        "More events than the limit",
    }
)

R = TypeVar("R", bound=Result)


@cache
def find_terraform(version: str = "path") -> str:
    """Give the path of a Terraform.

    `version` is a release line ("1.6") that comes from PyPI, or "path": ECGRID_TEST_TERRAFORM, else `terraform` or
    `tofu` on PATH, else the newest from PyPI. A Terraform that cannot be had fails the test.
    """
    if version == "path":
        named = os.environ.get("ECGRID_TEST_TERRAFORM")
        if named and not Path(named).is_file():
            pytest.fail(f"ECGRID_TEST_TERRAFORM names {named}, which is no file.")
        if named:
            return os.path.abspath(named)
    script = str(_CHECKOUT / "scripts" / "get_terraform.py")
    done = subprocess.run([sys.executable, script, version], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"There is no Terraform to test with: {done.stderr.strip()}")
    return done.stdout.strip()


class Terraform:
    """One working folder with its own HOME, CLI configuration and state.

    The provider is the console command of the running Python, found by `dev_overrides`, so no `init` is needed.
    `env` is added to every run (`terraform.env["TF_VAR_endpoint"] = …`); a value of None takes a variable away.
    """

    def __init__(self, root: Path, executable: str, env: Mapping[str, str | None]) -> None:
        self.executable = executable
        self.folder = root / "work"
        self.home = root / "home"
        self.env: dict[str, str | None] = dict(env)
        self.results: list[Result] = []
        provider = Path(sys.executable).parent / "terraform-provider-ecgrid"
        if not provider.is_file():
            pytest.fail(f"{provider} does not exist. Install the package: python -m pip install -e '.[dev]'")
        overrides = root / "provider"
        for folder in (self.folder, self.home, overrides):
            folder.mkdir(parents=True)
        (overrides / provider.name).symlink_to(provider)
        self._config = root / "cli.tfrc"
        self._config.write_text(
            "provider_installation {\n"
            f'  dev_overrides {{ "ecgrid/ecgrid" = {json.dumps(str(overrides))} }}\n'
            "  direct {}\n"
            "}\n",
            encoding="utf-8",
        )
        self.write(_SOURCE, "versions.tf")

    @property
    def release(self) -> Release:
        """Which tool this is, and its release line."""
        return release_of(self.executable)

    def write(self, hcl: str, name: str = "main.tf") -> Path:
        """Write a file of configuration, replacing what it held. (Where `ecgrid` comes from stands in versions.tf.)"""
        path = self.folder / name
        path.write_text(hcl, encoding="utf-8")
        return path

    def environment(self, extra: Mapping[str, str | None] | None = None) -> dict[str, str]:
        """Everything that Terraform and the provider see."""
        base: dict[str, str | None] = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        base |= {
            "HOME": str(self.home),
            "TF_CLI_CONFIG_FILE": str(self._config),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
        }
        base |= self.env
        base |= extra or {}
        return {name: value for name, value in base.items() if value is not None}

    def start(self, *args: str, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[str]:
        """Start a command and leave it running, in a process group of its own (for Ctrl-C: `os.killpg`)."""
        return subprocess.Popen(
            [self.executable, *args],
            cwd=self.folder,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self, *args: str, expect: int | tuple[int, ...] | None = 0, env: Mapping[str, str | None] | None = None
    ) -> Result:
        """Run a command to its end. Fails unless it ends with `expect` (None: any exit code)."""
        return self._run(Result, args, expect, env)

    def validate(self, *, expect: int | None = 0, env: Mapping[str, str | None] | None = None) -> Validated:
        """Run `terraform validate`."""
        return self._run(Validated, ("validate", "-json"), expect, env)

    def plan(
        self,
        *args: str,
        expect: int | tuple[int, ...] | None = _NO_ERROR,
        env: Mapping[str, str | None] | None = None,
    ) -> Plan:
        """Plan into a file. `expect`: 0 nothing to do, 2 changes, 1 an error; unless given, any but an error."""
        file = self.folder / f"{len(self.results)}.tfplan"  # of its own, so that a plan can be read after later ones
        plan = self._run(Plan, ("plan", "-json", "-detailed-exitcode", f"-out={file.name}", *args), expect, env)
        plan.file = file.name

        def read() -> dict[str, Any]:
            shown: dict[str, Any] = json.loads(self.run("show", "-json", file.name, env=env).stdout)
            return shown

        plan.read = read
        return plan

    def apply(
        self,
        *args: str,
        expect: int | None = 0,
        unsettled: str = "",
        env: Mapping[str, str | None] | None = None,
    ) -> Applied:
        """Apply, and after success demand that a second plan is empty and warns of nothing that was applied.

        `unsettled` is the reason why a second plan may hold changes here; giving one leaves that check out. The
        second plan gets the `-var` arguments of the apply.
        """
        applied = self._run(Applied, ("apply", "-json", "-auto-approve", *args), expect, env)
        if applied.code == 0 and not unsettled:
            again = self.plan(*_variables(args), expect=_ANY, env=env)
            assert again.empty, f"The second plan is not empty.\n{again}\nafter\n{applied}"
            repeated = {one.summary for one in again.warnings} - _MAY_COME_BACK
            assert not repeated, f"The second plan warns again: {repeated}\n{again}\nafter\n{applied}"
        return applied

    def destroy(self, *args: str, expect: int | None = 0, env: Mapping[str, str | None] | None = None) -> Applied:
        """Destroy everything."""
        return self._run(Applied, ("apply", "-destroy", "-json", "-auto-approve", *args), expect, env)

    def refresh(self, *args: str, expect: int | None = 0, env: Mapping[str, str | None] | None = None) -> Applied:
        """Take over into the state what the API says (`apply -refresh-only`)."""
        return self._run(Applied, ("apply", "-refresh-only", "-json", "-auto-approve", *args), expect, env)

    def query(self, *args: str, expect: int | None = 0, env: Mapping[str, str | None] | None = None) -> Queried:
        """Run `terraform query` over the `*.tfquery.hcl` files (Terraform 1.14 and newer)."""
        return self._run(Queried, ("query", "-json", *args), expect, env)

    def import_(
        self, address: str, id_: str | int, *, expect: int | None = 0, env: Mapping[str, str | None] | None = None
    ) -> Result:
        """Run `terraform import`, which has no JSON form: look into `.text`."""
        return self.run("import", "-no-color", address, str(id_), expect=expect, env=env)

    def show(self) -> dict[str, Any]:
        """The state as `terraform show -json` gives it (a run of Terraform and the provider; `state` needs none)."""
        shown: dict[str, Any] = json.loads(self.run("show", "-json").stdout)
        return shown

    def instances(self) -> dict[str, dict[str, Any]]:
        """Every instance of the state file by address: attributes, private, status, identity, …"""
        file = self.folder / "terraform.tfstate"
        found: dict[str, dict[str, Any]] = {}
        for resource in json.loads(file.read_text(encoding="utf-8"))["resources"] if file.is_file() else []:
            data = "data." if resource["mode"] == "data" else ""
            module = f"{resource['module']}." if "module" in resource else ""
            for instance in resource["instances"]:
                key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
                found[f"{module}{data}{resource['type']}.{resource['name']}{key}"] = instance
        return found

    def state(self, address: str) -> dict[str, Any]:
        """The attributes that the state holds of one instance. Raises KeyError where it holds none."""
        return dict(self.instances()[address]["attributes"])

    def private(self, address: str) -> dict[str, Any]:
        """The provider's private state of one instance; {} where there is none."""
        raw = base64.b64decode(self.instances()[address].get("private") or "")
        return dict(json.loads(raw)) if raw else {}

    def tainted(self, address: str) -> bool:
        """Whether the next apply would replace this instance."""
        return self.instances()[address].get("status") == "tainted"

    def places(self, text: str) -> list[str]:
        """Where a text stands: the commands whose output holds it, and the files of working folder and HOME.

        Plan files are looked into.
        """
        found = [f"terraform {' '.join(one.command)}" for one in self.results if text in one.stdout + one.stderr]
        files = [path for root in (self.folder, self.home) for path in root.rglob("*") if path.is_file()]
        return found + [str(path) for path in files if text.encode() in _content(path)]

    def _run(
        self,
        kind: type[R],
        args: tuple[str, ...],
        expect: int | tuple[int, ...] | None,
        env: Mapping[str, str | None] | None,
    ) -> R:
        process = self.start(*args, env=env)
        try:
            stdout, stderr = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            stdout, stderr = process.communicate()
            pytest.fail(f"terraform {' '.join(args)} did not end within {_SECONDS:.0f} s.\n{stdout}\n{stderr}")
        result = kind(args, process.returncode, stdout, stderr)
        self.results.append(result)
        allowed = (expect,) if isinstance(expect, int) else expect
        assert allowed is _ANY or result.code in allowed, f"expected exit {expect}\n{result}"
        return result


def _variables(args: tuple[str, ...]) -> list[str]:
    """The `-var` and `-var-file` arguments, in either form that Terraform takes."""
    before = ("", *args)
    return [
        one for last, one in zip(before, args, strict=False) if one.startswith("-var") or last in ("-var", "-var-file")
    ]


def _content(path: Path) -> bytes:
    """A file's bytes; of an archive, as a plan file is one, those of its members."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
