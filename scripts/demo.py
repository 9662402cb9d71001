#!/usr/bin/env python3
"""Shows the provider at work on a sandbox: check, take over, change in place, empty plan, destroy.

On a terminal, with the variable PAUSE set, it waits for Enter when there is something to see on the sandbox's page.
Run by `make demo` with a Python that has the package and its extra `sandbox`. Everything happens in a temporary folder
that is also HOME, so it does not read or change any file of the user. After a failure it ends with a code other than 0.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from get_terraform import GetTerraformError, find_terraform

CHECKOUT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("terraform-provider-ecgrid")
NEW_ENDPOINT = "https://app.example.com/webhooks/ecgrid-v3"
WIDTH = 92
WRITE = re.compile(r"POST /v2/callbacks/(create|update) |DELETE ")
UPDATE = re.compile(r"POST /v2/callbacks/update (?P<body>\{.*\}) -> (?P<status>\d+)")
KEPT = ("PATH", "TMPDIR", "LANG", "LC_ALL", "TERM", "SYSTEMROOT")


class DemoError(Exception):
    """A step did not do what it should; the message says which."""


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
    """Runs commands in one folder and one environment, and returns what they print."""

    def __init__(self, folder: Path, environment: dict[str, str], terraform: str) -> None:
        self._folder = folder
        self._environment = environment
        self._terraform = terraform

    def terraform(self, *arguments: str) -> str:
        """Run Terraform."""
        return self.run([self._terraform, *arguments], f"{Path(self._terraform).name} {' '.join(arguments)}")

    def run(self, command: list[str], shown: str) -> str:
        """Show a command and run it. If it fails, print all of its output and raise `DemoError`."""
        print(f"$ {shown}", flush=True)
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            print(done.stdout)
            raise DemoError(f"`{shown}` failed with exit code {done.returncode}.")
        return done.stdout


def heading(text: str) -> None:
    """Print a heading."""
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"\n{bold}── {text} {'─' * max(0, WIDTH - len(text))}{plain}", flush=True)


def show_changes(said: str) -> None:
    """Print what a plan changes, and its warnings; the rest is the same in every plan."""
    lines = [line for line in said.splitlines() if line.strip()]
    shown = False
    for line in lines:
        if line.startswith(("  # ", "Warning: ", "Plan: ", "No changes.")):
            shown = True
        elif line.startswith(("Changes to Outputs", "ecgrid_callback.", "Saved the plan", "Apply ", "Destroy ")):
            shown = False
        # Where in the file a warning comes from is one of four lines of code here.
        if (
            shown
            and not line.startswith(("  with ecgrid_", "  on main.tf"))
            and not line.strip()[:3].rstrip(":").isdigit()
        ):
            print(f"  {line}")
        if line.startswith(("Plan: ", "No changes.")):
            shown = False


def show_write(sandbox: RunningSandbox, number: int) -> None:
    """Print the write with this number, from 1 on, in a box; no other may have been made by then."""
    writes = [line for line in sandbox.requests() if WRITE.match(line)]
    if len(writes) != number or not (update := UPDATE.fullmatch(writes[-1])):
        raise DemoError(f"Expected update number {number} and no other write, but the sandbox received: {writes}.")
    print(f"  ┌─ ECGrid received one write: POST /v2/callbacks/update {'─' * (WIDTH - 54)}")
    for line in textwrap.wrap(update["body"], WIDTH, break_long_words=False, break_on_hyphens=False):
        print(f"  │ {line}")
    print(f"  └─ answered {update['status']} {'─' * (WIDTH - 14)}", flush=True)


def pause(why: str) -> None:
    """Wait for Enter on a terminal, if that was asked for."""
    if os.environ.get("PAUSE") and sys.stdin.isatty():
        input(f"{why} Press Enter to continue. ")


def what_next(terraform: str) -> str:
    """Say how to go on, with this Terraform if PATH has none."""
    lines = ['The sandbox has stopped. To try your own configuration, continue with "Install" in README.md.']
    if not shutil.which(Path(terraform).name):
        path = f'export PATH="{Path(terraform).parent}:$PATH"'
        lines += [f"Terraform is not on PATH. To use the copy that this demo downloaded, first run: {path}"]
    return "\n".join([*lines, "For existing callbacks, read docs/guides/taking_over.md."])


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
    environment["TF_CLI_ARGS"] = "-no-color"
    shell = Shell(work, environment, terraform)

    heading("1. Start the sandbox, a local ECGrid API")
    with RunningSandbox() as sandbox:
        environment |= sandbox.exports
        page = f"{sandbox.exports['ECGRID_BASE_URL']}/"
        print(f"To watch the requests, open {page} (`make demo PAUSE=1` waits for you)")
        pause(f"Open {page} in a browser.")

        heading("2. Check what the provider will be able to see")
        print(shell.run([str(COMMAND), "check", "--callback", "7001"], f"{COMMAND.name} check --callback 7001"), end="")

        heading("3. Install the provider where `terraform init` finds it")
        shell.run([str(COMMAND), "install"], f"{COMMAND.name} install")
        shell.terraform("init")
        print(
            "Terraform warns that the lock file has checksums for only one platform. This is expected without a "
            "registry."
        )

        heading("4. Take over the existing callback 7001 (examples/quickstart/main.tf)")
        show_changes(shell.terraform("plan", "-out=first.tfplan"))
        shell.terraform("apply", "first.tfplan")
        show_write(sandbox, 1)

        heading("5. Change the URL in place")
        endpoint = f"-var=endpoint={NEW_ENDPOINT}"
        show_changes(shell.terraform("apply", "-auto-approve", endpoint))
        show_write(sandbox, 2)

        heading("6. Plan again: exit code 0 means no changes")
        show_changes(shell.terraform("plan", "-detailed-exitcode", endpoint))

        heading("7. Destroy: by default, a callback that was taken over stays at ECGrid")
        shell.terraform("destroy", "-auto-approve", endpoint)
        writes = [line for line in sandbox.requests() if WRITE.match(line)]
        if len(writes) != 2:
            raise DemoError(f"Expected two writes in total, but the sandbox received: {writes}.")
        print(
            f"Callback 7001 stays. ECGrid received only the {len(writes)} writes above. All other requests only read."
        )
        pause("Next, the sandbox stops.")

    heading("What next")
    print(what_next(terraform))


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
