#!/usr/bin/env python3
"""Reviews the `ecgrid_callback` resources of a Terraform plan by the policy in callbacks.rego.

    terraform show -json plan.tfplan | python review.py --domain example.com -

Exit codes: 0 nothing refused, 1 something refused, 2 not reviewed (not a plan, an error in the policy, no regopy).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

REFUSED = 1
NOT_REVIEWED = 2

_POLICY = Path(__file__).with_name("callbacks.rego")
_QUERY = "data.ecgrid.callbacks.review"
_SECTIONS = ("resource_changes", "deferred_changes", "configuration")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?")


class NotReviewedError(Exception):
    """Why the plan was not reviewed. The message contains no value of the plan."""


def read_plan(source: str) -> dict[str, Any]:
    """Read what `terraform show -json PLAN` printed, from a file or from standard input ("-").

    Raises NotReviewedError if it is anything else. An errored plan is refused too: what it does not contain would pass.
    """
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise NotReviewedError(f"it cannot be read ({error.strerror or type(error).__name__}).") from None
    if raw.startswith(b"PK"):
        raise NotReviewedError("it is a binary plan file. Use the output of `terraform show -json PLAN` instead.")
    try:
        plan = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):  # the message of either may quote the text
        raise NotReviewedError("it is not a JSON document. Use the output of `terraform show -json PLAN`.") from None
    if not isinstance(plan, dict) or not all(
        isinstance(plan.get(key), dict) for key in ("configuration", "planned_values")
    ):
        raise NotReviewedError("it is not a plan. Use the output of `terraform show -json PLAN`.")
    if not re.match(r"1\.", str(plan.get("format_version"))):
        raise NotReviewedError("its format_version is not 1.x, which is the only one that this policy supports.")
    if plan.get("errored"):
        raise NotReviewedError(
            "the plan ended with an error, so it is not complete. Correct that error and plan again."
        )
    return plan


def review(plan: dict[str, Any], policy: str, domains: list[str]) -> tuple[int, list[str]]:
    """Judge a plan: the number of callbacks that were looked at, and a line for each refusal.

    `domains` are in lower case. Raises NotReviewedError if the policy gives no usable answer.
    """
    try:
        # Native code, and the only thing that has to be installed.
        from regopy import Interpreter, LogLevel, RegoError  # type: ignore[import-untyped]  # it has no py.typed
    except ImportError:
        raise NotReviewedError(
            "regopy is not installed. In the folder of review.py, run `pip install -r requirements.txt`."
        ) from None

    def ask(rego: Any, document: dict[str, Any]) -> Any:
        # On text that is not JSON regopy continues with an undefined input, so it gets what json.dumps wrote.
        rego.set_input_term(json.dumps({key: document[key] for key in _SECTIONS if key in document}))
        output = rego.query(_QUERY)
        if not output.ok():
            raise NotReviewedError("the policy ended with an error.")
        return output.results[0].expressions[0]

    try:
        rego = Interpreter()
        rego.log_level = LogLevel.NONE  # it prints pieces of the input with an error
        rego.strict_built_in_errors = True  # else a failing function makes a rule say nothing
        rego.add_module(_POLICY.name, policy)
        rego.add_data({"domains": domains})
        ask(rego, {})  # an error of the policy itself shows here, where no value of a plan can be in its message
    except RegoError as error:
        said = re.findall(r"errormsg \d+:([^\n)]*)", str(error))
        raise NotReviewedError(
            f"the policy has an error: {said[0] if said else 'regopy does not say which'}."
        ) from None
    except (ValueError, LookupError):
        raise NotReviewedError(f"the policy does not define {_QUERY}.") from None
    try:
        answer = ask(rego, plan)
        refused = sorted({f"{one['address']}: {one['reason']}" for one in answer["refused"]})
        reviewed = answer["reviewed"]
    except (RegoError, ValueError, LookupError, TypeError):
        raise NotReviewedError("the policy gave no usable answer for this plan.") from None
    if reviewed != _count(plan):
        raise NotReviewedError(f"the policy looked at only {reviewed} of {_count(plan)} callbacks.")
    return reviewed, refused


def _count(plan: dict[str, Any]) -> int:
    changes = plan.get("resource_changes", [])
    return sum(one["mode"] == "managed" and one["type"] == "ecgrid_callback" for one in changes)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _domain(text: str) -> str:
    domain = text.lower()
    if not _DOMAIN.fullmatch(domain):
        raise argparse.ArgumentTypeError(f"{text!r} is not a domain name such as example.com")
    return domain


def _line(text: str) -> str:
    """One line: the key of a for_each may hold anything."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Review one plan, print the refusals to standard output, and give the exit code."""
    parser = argparse.ArgumentParser(description="Reviews the ecgrid_callback resources of a Terraform plan.")
    parser.add_argument("plan", help="the output of `terraform show -json PLAN`: a file, or - for standard input")
    parser.add_argument(
        "--domain",
        dest="domains",
        metavar="DOMAIN",
        type=_domain,
        action="append",
        required=True,
        help="domain that a callback's URL may use, including its subdomains; may be repeated",
    )
    parser.add_argument("--policy", type=Path, default=_POLICY, help="policy file (default: callbacks.rego)")
    options = parser.parse_args(arguments)
    try:
        try:
            policy = options.policy.read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise NotReviewedError("the policy cannot be read.") from None
        reviewed, refused = review(read_plan(options.plan), policy, options.domains)
    except NotReviewedError as error:
        sys.stderr.write(_line(f"{options.plan}: not reviewed: {error}"))
        return NOT_REVIEWED
    except Exception as error:  # noqa: BLE001 -- a traceback would end with 1, which means "refused"
        sys.stderr.write(_line(f"{options.plan}: not reviewed: unexpected {type(error).__name__}."))
        return NOT_REVIEWED
    sys.stdout.writelines(_line(one) for one in refused)
    sys.stderr.write(f"Callbacks reviewed: {reviewed}. Refusals: {len(refused)}.\n")
    return REFUSED if refused else 0


if __name__ == "__main__":
    sys.exit(main())
