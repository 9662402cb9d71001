#!/usr/bin/env python3
"""Shows the provider at work on a sandbox: check, take over, change in place, nothing left to do, destroy.

Run by `make demo` with a Python that has the package and its extra `sandbox`. Everything happens in a temporary folder
that is also HOME, so nothing of the user's is read or changed. Any failure ends it with a code other than 0.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from get_terraform import GetTerraformError, find_terraform

CHECKOUT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("terraform-provider-ecgrid")
NEW_ENDPOINT = "https://app.example.com/webhooks/ecgrid-v3"
KEPT = ("PATH", "TMPDIR", "LANG", "LC_ALL", "TERM", "SYSTEMROOT")


class DemoError(Exception):
    """A step went another way than it should; the message says which."""


class RunningSandbox:
    """The sandbox as a process of its own, whose printed lines are collected."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [COMMAND, "sandbox"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        threading.Thread(target=self._collect, daemon=True).start()

    def __enter__(self) -> RunningSandbox:
        """Wait until it accepts requests."""
        self._ready.wait(60)
        if not self.exports:
            self._process.kill()
            raise DemoError("The sandbox did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def exports(self) -> dict[str, str]:
        """The variables of the `export` lines that it printed."""
        pairs = (line.removeprefix("export ").partition("=") for line in self._lines if line.startswith("export "))
        return {name: value for name, _, value in pairs}

    def requests(self) -> list[str]:
        """The lines of its request log so far."""
        return [line for line in self._lines if line.startswith(("GET ", "POST ", "DELETE "))]

    def _collect(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        for line in self._process.stdout:
            self._lines.append(line.rstrip("\n"))
            if line.startswith("export ECGRID_API_KEY="):
                self._ready.set()
        self._ready.set()


class Shell:
    """Runs commands in one folder and one environment, each shown before it runs."""

    def __init__(self, folder: Path, environment: dict[str, str], terraform: str) -> None:
        self._folder = folder
        self._environment = environment
        self._terraform = terraform

    def terraform(self, *arguments: str, expect: int = 0) -> None:
        """Run Terraform; another exit code than `expect` raises `DemoError`."""
        self.run([self._terraform, *arguments], f"terraform {' '.join(arguments)}", expect)

    def run(self, command: list[str], shown: str, expect: int = 0) -> None:
        """Run a command; another exit code than `expect` raises `DemoError`."""
        print(f"$ {shown}", flush=True)
        done = subprocess.run(command, cwd=self._folder, env=self._environment, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != expect:
            raise DemoError(f"`{shown}` ended with {done.returncode} where {expect} was expected.")
        print(flush=True)


def heading(text: str) -> None:
    """Print a heading."""
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"\n{bold}── {text} {'─' * max(0, 92 - len(text))}{plain}\n", flush=True)


def show_requests(sandbox: RunningSandbox, first: int) -> int:
    """Print the requests from number `first` on, and return how many there are by now."""
    requests = sandbox.requests()
    for request in requests[first:]:
        print(f"  {request}")
    return len(requests)


def demo(root: Path, terraform: str) -> None:
    """Go through all steps in the empty folder `root`."""
    home, work = root / "home", root / "quickstart"
    home.mkdir()
    shutil.copytree(
        CHECKOUT / "examples" / "quickstart", work, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*")
    )
    # A CLI configuration or a proxy of the user's would lead Terraform elsewhere than this demo says.
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"HOME": str(home), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    if not sys.stdout.isatty():
        environment["TF_CLI_ARGS"] = "-no-color"

    shell = Shell(work, environment, terraform)

    heading("1. Start a local ECGrid: the vendor has no test host")
    with RunningSandbox() as sandbox:
        print("$ terraform-provider-ecgrid sandbox &")
        for name, value in sandbox.exports.items():
            print(f"export {name}={value}")
        print(f"\nWhat it sees, live, in a browser while this demo runs: {sandbox.exports['ECGRID_BASE_URL']}/")
        environment |= sandbox.exports

        heading("2. Ask, before the first plan, what the provider will be able to see")
        shell.run([str(COMMAND), "check", "--callback", "7001"], "terraform-provider-ecgrid check --callback 7001")
        first = len(sandbox.requests())

        heading("3. Install the provider where `terraform init` finds it")
        shell.run([str(COMMAND), "install"], "terraform-provider-ecgrid install")

        heading("4. Take over callback 7001, which exists already")
        shell.terraform("init")
        shell.terraform("plan", "-out=first.tfplan")
        shell.terraform("apply", "first.tfplan")
        print("The API received:")
        seen = show_requests(sandbox, first)

        heading("5. Change the URL in place")
        shell.terraform("apply", "-auto-approve", f"-var=endpoint={NEW_ENDPOINT}")
        print("The API received:")
        show_requests(sandbox, seen)

        heading("6. Plan again: nothing left to do (exit code 0 of -detailed-exitcode)")
        shell.terraform("plan", "-detailed-exitcode", f"-var=endpoint={NEW_ENDPOINT}")

        heading("7. Destroy: a callback that was taken over is retained unless on_destroy says otherwise")
        shell.terraform("destroy", "-auto-approve", f"-var=endpoint={NEW_ENDPOINT}")

        heading("8. All requests that the API received")
        show_requests(sandbox, 0)
        check_writes(sandbox.requests())
    print("\nThe sandbox is stopped, and the temporary folder is gone with all that was in it.")


def check_writes(requests: list[str]) -> None:
    """Raise `DemoError` unless there were two updates and no other write."""
    updates = [one for one in requests if one.startswith("POST /v2/callbacks/update ")]
    others = [one for one in requests if one.startswith(("POST /v2/callbacks/create", "DELETE "))]
    if len(updates) != 2 or others:
        raise DemoError(f"Expected two updates and no other write; the API received {len(updates)} and {len(others)}.")
    print("\nTwo writes, one for each apply, each with what the plan showed as changed; the rest only read.")


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    """Run the demo."""
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        terraform, said = find_terraform()
        print(said, flush=True)
        with tempfile.TemporaryDirectory(prefix="ecgrid-demo-") as root:
            demo(Path(root), terraform)
    except (DemoError, GetTerraformError) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe demo was interrupted.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
