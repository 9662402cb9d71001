"""What a Terraform command answered, in the shape that a test asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# Terraform says this in every run with `dev_overrides`; it is the harness's doing and no finding of a test.
_OF_THE_HARNESS = "Provider development overrides are in effect"
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BOX = re.compile(r"[│╷╵─┌┐└┘├┤|]+")
_ARGUMENT = re.compile(r'^\s*"?([A-Za-z_][\w-]*)"?\s*=(?!=)')


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning.

    `attribute` is the argument on whose line it points, None where it points at a block or at nothing; `address` the
    resource that it belongs to.
    """

    severity: str
    summary: str
    detail: str
    attribute: str | None
    address: str | None
    line: int | None

    @property
    def text(self) -> str:
        """Summary and detail as one line, the whitespace folded."""
        return " ".join(f"{self.summary}: {self.detail}".split())

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> Diagnostic:
        """Read one out of Terraform's `-json` form."""
        code = (raw.get("snippet") or {}).get("code") or ""
        argument = _ARGUMENT.match(code)
        return cls(
            severity=raw["severity"],
            summary=raw.get("summary", ""),
            detail=raw.get("detail", ""),
            attribute=argument[1] if argument else None,
            address=raw.get("address") or None,
            line=((raw.get("range") or {}).get("start") or {}).get("line"),
        )


@dataclass
class Result:
    """A command that ended."""

    command: tuple[str, ...]
    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        """All that it printed, without colour, boxes and line breaks, so that a wrapped sentence can be searched."""
        return " ".join(_BOX.sub(" ", _ANSI.sub("", f"{self.stdout}\n{self.stderr}")).split())

    def __str__(self) -> str:
        return f"terraform {' '.join(self.command)}: exit {self.code}\n{self.stdout}\n{self.stderr}"


@dataclass
class Outcome(Result):
    """A command that was run with `-json`."""

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """The lines of the JSON stream."""
        return [json.loads(line) for line in self.stdout.splitlines() if line.startswith("{")]

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """Errors and warnings in the order in which they came, repetitions included."""
        raw = [message["diagnostic"] for message in self.messages if message.get("type") == "diagnostic"]
        return [Diagnostic.parse(one) for one in raw if one.get("summary") != _OF_THE_HARNESS]

    @property
    def errors(self) -> list[Diagnostic]:
        """The errors among the diagnostics."""
        return [one for one in self.diagnostics if one.severity == "error"]

    @property
    def warnings(self) -> list[Diagnostic]:
        """The warnings among the diagnostics."""
        return [one for one in self.diagnostics if one.severity == "warning"]

    @property
    def error(self) -> Diagnostic:
        """The only error; anything but exactly one fails the test."""
        assert len(self.errors) == 1, f"expected one error, not {len(self.errors)}\n{self}"
        return self.errors[0]

    @property
    def warning(self) -> Diagnostic:
        """The only warning; anything but exactly one fails the test."""
        assert len(self.warnings) == 1, f"expected one warning, not {len(self.warnings)}\n{self}"
        return self.warnings[0]

    def __str__(self) -> str:
        found = "\n".join(
            f"  {one.severity} [{one.address or ''} {one.attribute or ''}] {one.text}" for one in self.diagnostics
        )
        said = "\n".join(f"  {message.get('@message', '')}" for message in self.messages)
        other = "\n".join(line for line in self.stdout.splitlines() if not line.startswith("{"))
        return f"terraform {' '.join(self.command)}: exit {self.code}\n{found}\n{said}\n{other}\n{self.stderr[-6000:]}"


@dataclass
class Validated(Outcome):
    """`terraform validate`, which answers one JSON document instead of a stream."""

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """Errors and warnings."""
        raw = json.loads(self.stdout)["diagnostics"] if self.stdout.startswith("{") else []
        return [Diagnostic.parse(one) for one in raw if one.get("summary") != _OF_THE_HARNESS]

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """Nothing: there is no stream."""
        return []


@dataclass
class Plan(Outcome):
    """`terraform plan`, with the plan file that it wrote."""

    file: str = ""
    read: Callable[[], dict[str, Any]] = field(default=dict, repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return self.code == 0

    @cached_property
    def actions(self) -> dict[str, str]:
        """What is planned for each address: create, update, delete, replace, import, read or remove."""
        planned = (message["change"] for message in self.messages if message.get("type") == "planned_change")
        return {change["resource"]["addr"]: change["action"] for change in planned}

    @cached_property
    def json(self) -> dict[str, Any]:
        """The plan file as `terraform show -json` gives it (a further run of Terraform)."""
        return self.read()

    def change(self, address: str) -> dict[str, Any]:
        """One resource's `change`: actions, before, after, after_unknown, … Raises KeyError for an unknown address."""
        for one in self.json.get("resource_changes", []):
            if one["address"] == address:
                return dict(one["change"])
        raise KeyError(address)

    def changed(self, address: str) -> dict[str, tuple[Any, Any]]:
        """The attributes that an update changes: name → (before, after), the after "(unknown)" where it is."""
        change = self.change(address)
        before, after = change["before"] or {}, change["after"] or {}
        unknown = {name for name, value in (change["after_unknown"] or {}).items() if value is True}
        names = sorted({*before, *after, *unknown})
        pairs = {name: (before.get(name), "(unknown)" if name in unknown else after.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass
class Applied(Outcome):
    """`terraform apply` or `terraform destroy`."""


@dataclass
class Queried(Outcome):
    """`terraform query`."""

    @property
    def found(self) -> list[dict[str, Any]]:
        """What was listed, in its order: `identity`, `display_name`, `resource_object` where it was asked for, …"""
        return [one["list_resource_found"] for one in self.messages if one.get("type") == "list_resource_found"]
