"""The commands for a person: `install`, `check`, `sandbox`, `serve --debug`.

Terraform's own start of the plugin does not come past here; see `__main__`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api.enums import MAX_ID

if TYPE_CHECKING:
    from terraform_provider_ecgrid.sandbox.faults import Fault

_NAME = "terraform-provider-ecgrid"

_WHAT_THIS_IS = f"""\
{_NAME} {__version__} is the Terraform provider for ECGrid callbacks.
Terraform starts it when needed. To use it yourself, give it a command:

  {_NAME} install    install it where `terraform init` finds it
  {_NAME} check      ask ECGrid what the provider will be able to do
  {_NAME} sandbox    run a local ECGrid callbacks API to try things out
  {_NAME} --help     all commands
"""

_STANDALONE = f"""\
The standalone provider does not include the sandbox. With Python 3.11 or newer, run: pip install "{_NAME}[sandbox]"
"""

_NO_SANDBOX = f"""\
The sandbox needs packages that are not installed ({{missing}}). Install the extra "sandbox":
  python -m pip install "{_NAME}[sandbox]"    (in a clone: python -m pip install ".[sandbox]")
"""


def main(argv: list[str]) -> int:
    """Run one command; `argv` is without the program's name. Gives the exit code.

    0 is success, 1 a failure that stderr explains, 2 an invalid command line, 130 an interruption, 141 a closed
    output, as with `| head -1`.
    """
    if not argv:
        print(_WHAT_THIS_IS, end="", file=sys.stderr)
        return 1
    try:
        try:
            arguments = _parser().parse_args(argv)
            return int(arguments.run(arguments))
        finally:
            print(end="", flush=True)  # a lost reader shows here, and not after the end
    except SystemExit as end:  # argparse's way to end, and uvicorn's
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        print(f"{_NAME}: interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Python writes what is left once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"{_NAME}: {error.strerror or type(error).__name__}{where}.", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user; its values may be secrets
        print(
            f"{_NAME}: {type(error).__name__}, which is a bug in the provider. Please report the command and this line "
            "to the provider's developers.",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_NAME, description="A Terraform provider for ECGrid callbacks.")
    parser.add_argument("--version", action="version", version=f"{_NAME} {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    install = commands.add_parser("install", help="install the provider where `terraform init` finds it")
    install.add_argument(
        "--dir",
        type=Path,
        metavar="DIR",
        help="root folder of a filesystem mirror (default: the one in your home folder). To install for every user of "
        "a machine or an image, use /usr/local/share/terraform/plugins, which Terraform searches by default (except on "
        "macOS and Windows)",
    )
    either = install.add_mutually_exclusive_group()
    either.add_argument(
        "--platform",
        type=_platform,
        action="append",
        default=[],
        metavar="OS_ARCH",
        dest="platforms",
        help="install for this platform too, in addition to this machine's own, so that `terraform providers lock "
        "-fs-mirror=DIR -platform=OS_ARCH` finds it (without --dir, DIR is the mirror in your home folder); may be "
        "repeated",
    )
    either.add_argument("--uninstall", action="store_true", help="remove what `install` installed, for every platform")
    install.set_defaults(run=_install)

    check = commands.add_parser(
        "check",
        help="ask ECGrid what the provider will be able to do; only reads",
        description="Asks ECGrid what the provider will be able to do with the credential in the environment. It only "
        "reads. Exit code 0: the provider will work. Exit code 1: it will not.",
    )
    check.add_argument(
        "--callback",
        type=_callback_id,
        action="append",
        default=[],
        metavar="ID",
        dest="callbacks",
        help="say whether and how ECGrid shows this callback; may be repeated",
    )
    form = check.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_const", const="json", dest="form", help="print one JSON object per line, for programs"
    )
    form.add_argument(
        "--report",
        action="store_const",
        const="report",
        dest="form",
        help="print a report that you can paste into an issue: the versions of the provider and of Python, the "
        "operating system, how each step ended, and of each answer the HTTP status, the names and types of the fields "
        "and the lengths of texts and lists; it contains no values",
    )
    check.set_defaults(run=_check, form="lines")

    sandbox = commands.add_parser("sandbox", help="run a local ECGrid callbacks API")
    sandbox.add_argument("--port", type=_port, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    sandbox.add_argument(
        "--db",
        type=Path,
        metavar="FILE",
        help="SQLite file that keeps the callbacks (default: they are kept in memory)",
    )
    sandbox.add_argument(
        "--lookups",
        choices=("registrations", "events"),
        default="registrations",
        help="model that the lookups follow, one of the two that ECGrid describes; registrations (default): the queue "
        "shows registrations, and an event is a delivery; events: an event is a registration, and the queue shows "
        "deliveries",
    )
    sandbox.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="RULE",
        dest="faults",
        help="make calls fail; RULE is CALL:WHICH:WHAT. The option can be repeated; the first rule that matches a "
        "request is used. 'create:2:reset-after' carries out the second create, then resets its connection. "
        "'update:1-3:503,Retry-After=1' answers the first three updates with 503 and asks the client to wait 1 second. "
        "'*:10%%:latency=2' delays one call in ten, chosen at random, by 2 seconds. "
        'The guide "Rehearse a bad day" explains all rules',
    )
    sandbox.set_defaults(run=_sandbox)

    serve = commands.add_parser("serve", help="run the provider under a debugger")
    serve.add_argument("--debug", action="store_true", required=True, help="print TF_REATTACH_PROVIDERS and wait")
    serve.set_defaults(run=_serve)
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:6]) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a whole number from 0 (any free port) to 65535")
    return int(text)


def _platform(text: str) -> str:
    from terraform_provider_ecgrid.platforms import check_platform

    try:
        return check_platform(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _callback_id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:11]) <= MAX_ID:
        raise argparse.ArgumentTypeError(f"{text!r} is not a callback id: give a whole number from 1 to {MAX_ID}")
    return int(text)


def _fault(text: str) -> Fault:
    from terraform_provider_ecgrid.sandbox.fault_rules import FaultRuleError, parse

    try:
        return parse(text)
    except FaultRuleError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _install(arguments: argparse.Namespace) -> int:
    from terraform_provider_ecgrid.install import InstallError, install, uninstall
    from terraform_provider_ecgrid.install_report import installed, uninstalled

    try:
        if arguments.uninstall:
            print(uninstalled(uninstall(directory=arguments.dir)), end="")
        else:
            print(installed(install(directory=arguments.dir, platforms=arguments.platforms)), end="")
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from terraform_provider_ecgrid.check.command import run

    return run(arguments.callbacks, arguments.form)


def _sandbox(arguments: argparse.Namespace) -> int:
    if getattr(sys, "frozen", False):
        print(_STANDALONE, end="", file=sys.stderr)
        return 1
    try:
        from terraform_provider_ecgrid.sandbox.server import run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("terraform_provider_ecgrid"):
            raise
        print(_NO_SANDBOX.format(missing=error.name), end="", file=sys.stderr)
        return 1
    return run(arguments.port, arguments.db, arguments.lookups, arguments.faults)


def _serve(_: argparse.Namespace) -> int:
    from terraform_provider_ecgrid.__main__ import QUIET, load_provider
    from terraform_provider_ecgrid.install import ADDRESSES
    from terraform_provider_ecgrid.plugin.go_plugin.debug import serve_debug

    return serve_debug(load_provider, ADDRESSES, quiet=QUIET)
