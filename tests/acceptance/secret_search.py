"""Looks for the secrets of a test in everything that its Terraforms left behind; runs after every acceptance test.

What is a secret is learned from what happened: the requests that a sandbox received, the configurations and variables
that Terraform was given. An API key, an access token and a `password_wo` may be nowhere; a `password` may be where
Terraform keeps attributes (state, plan file, `show -json`) and nowhere else. Terraform itself copies what it was given:
the value of a variable that is not ephemeral may be in a plan file, and configuration is left out wherever it stands,
in a plan file and beside a diagnostic too.
"""

from __future__ import annotations

import base64
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.world import SESSION_ID
from tests.acceptance.harness import Terraform

_ARGUMENT = re.compile(r'\b(password|password_wo|api_key|access_token)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|var\.(\w+))')
_EPHEMERAL = re.compile(r'variable\s+"(\w+)"\s*\{[^}]*?ephemeral\s*=\s*true')
_VARIABLE = re.compile(r'variable\s+"(\w+)"\s*\{[^}]*?default\s*=\s*"((?:[^"\\]|\\.)*)"')
_ASSIGNMENT = re.compile(r'^\s*(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_CONFIGURATION = ("*.tf", "*.tf.json", "*.tfquery.hcl", "*.tfvars", "*.tftest.hcl")
_LONG = 8
_CREDENTIALS = ("ECGRID_API_KEY", "ECGRID_ACCESS_TOKEN")
# A line of configuration in what Terraform prints for people, and what colours it.
_QUOTED_LINE = re.compile(r"^\W*\d+: .*$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Kind = Literal["attributes", "plan", "other"]
# Name, text, and what Terraform keeps there: attributes, those and the variables of a plan, or neither.
Place = tuple[str, str, Kind]


@dataclass
class SecretSearch:
    """What one test's sandboxes received and its Terraforms were given, noted even where the test forgets it."""

    requests: list[Recorded] = field(default_factory=list)
    terraforms: list[Terraform] = field(default_factory=list)
    _arguments: dict[str, set[str]] = field(default_factory=dict)
    _variables: dict[str, set[str]] = field(default_factory=dict)
    _ephemeral: set[str] = field(default_factory=set)
    _generated: set[str] = field(default_factory=set)

    def recorded(self, *fields: Any) -> Recorded:
        """Make what a sandbox keeps of a request, in the place of `Recorded`, and note it."""
        request = Recorded(*fields)
        self.requests.append(request)
        return request

    def started(self, terraform: Terraform, args: tuple[str, ...], env: Mapping[str, str]) -> None:
        """Note the configuration, the variables and the credentials of a command that is about to run."""
        if terraform not in self.terraforms:
            self.terraforms.append(terraform)
        self._generated |= {arg.partition("=")[2] for arg in args if arg.startswith("-generate-config-out=")}
        for pattern in _CONFIGURATION:
            for file in terraform.folder.rglob(pattern):
                if file.name not in self._generated:
                    self._configured(file.read_text(encoding="utf-8"), variables=pattern == "*.tfvars")
        for last, arg in zip(("", *args), args, strict=False):
            assignment = arg if last == "-var" else arg.removeprefix("-var=") if arg.startswith("-var=") else ""
            name, _, value = assignment.partition("=")
            self._variables.setdefault(name, set()).add(value)
        for name, value in env.items():
            if name.startswith("TF_VAR_"):
                self._variables.setdefault(name.removeprefix("TF_VAR_"), set()).add(value)
            elif name in _CREDENTIALS:
                self._arguments.setdefault("api_key", set()).add(value)

    def secrets(self) -> dict[str, set[Kind]]:
        """Every secret that was in play, and where Terraform itself may put it."""
        kept, write_only = self._values("password"), self._values("password_wo")
        received = {str((request.body or {}).get("password") or "") for request in self.requests}
        # A value that no literal or variable explains may be of either kind, unless only one of them was in use.
        kept |= received if "password_wo" not in self._arguments else set()
        # What `users/me` answers beside the user; no request carries it.
        keys = self._values("api_key") | self._values("access_token") | {SESSION_ID}
        for request in self.requests:
            keys |= {request.headers.get("x-api-key", ""), request.headers.get("authorization", "").partition(" ")[2]}
        copied = set().union(*(self._variables[name] for name in self._variables.keys() - self._ephemeral))
        found: dict[str, set[Kind]] = {}
        for secret in (kept | received | write_only | keys) - {""}:
            attributes: set[Kind] = {"attributes", "plan"} if secret in kept - keys else set()
            found[secret] = attributes | ({"plan"} if secret in copied else set())
        return found

    def findings(self) -> list[str]:
        """Where a secret stands that must not: one sentence each."""
        texts = [place for terraform in self.terraforms for place in (*_printed(terraform), *self._files(terraform))]
        return [
            f"`{secret}` is in {name}"
            for secret, allowed in self.secrets().items()
            for name, text, kind in texts
            if kind not in allowed and _stands_in(secret, text)
        ]

    def _configured(self, text: str, *, variables: bool) -> None:
        self._ephemeral |= set(_EPHEMERAL.findall(text))
        for name, literal, variable in _ARGUMENT.findall(text):
            value = f"var.{variable}" if variable else _unquoted(literal)
            self._arguments.setdefault(name, set()).add(value)
        for name, literal in (_ASSIGNMENT if variables else _VARIABLE).findall(text):
            self._variables.setdefault(name, set()).add(_unquoted(literal))

    def _values(self, argument: str) -> set[str]:
        given = self._arguments.get(argument, set())
        named = {value.removeprefix("var.") for value in given if value.startswith("var.")}
        literal = {value for value in given if not value.startswith("var.") and "${" not in value}
        return literal.union(*(self._variables.get(name, set()) for name in named))

    def _files(self, terraform: Terraform) -> Iterator[Place]:
        for root in (terraform.folder, terraform.home):
            for file in root.rglob("*"):
                ours = file.name not in self._generated and any(file.match(pattern) for pattern in _CONFIGURATION)
                if file.is_file() and not ours:
                    yield from _content(file)


def _printed(terraform: Terraform) -> Iterator[Place]:
    for result in terraform.results:
        name = f"the output of terraform {' '.join(result.command)}"
        if result.command[:2] == ("show", "-json"):
            shown = json.loads(result.stdout) if result.stdout.startswith("{") else {}
            shown.pop("configuration", None)
            yield name, json.dumps(shown.pop("variables", None)), "plan"
            yield name, json.dumps(shown), "attributes"
        else:
            yield name, _without_configuration(result.stdout), "other"
        yield name, _without_configuration(result.stderr), "other"


def _without_configuration(printed: str) -> str:
    """What was printed, without the lines of configuration that diagnostics point at."""
    lines = []
    # `validate -json` prints one document over many lines; every other command's JSON is a line each.
    for line in [printed] if printed.startswith("{\n") else printed.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            lines.append(_QUOTED_LINE.sub("", _COLOUR.sub("", line)))
            continue
        for one in _diagnostics(message):
            one.pop("snippet", None)
        lines.append(json.dumps(message))
    return "\n".join(lines)


def _diagnostics(message: Any) -> list[dict[str, Any]]:
    if not isinstance(message, dict):
        return []
    single = [message["diagnostic"]] if isinstance(message.get("diagnostic"), dict) else []
    return [*single, *message.get("diagnostics", ())]


def _content(file: Path) -> Iterator[Place]:
    if not zipfile.is_zipfile(file):
        yield from _text(str(file), file.read_bytes(), "attributes" if ".tfstate" in file.name else "other")
        return
    kinds: dict[str, Kind] = {"tfplan": "plan", "tfstate": "attributes", "tfstate-prev": "attributes"}
    with zipfile.ZipFile(file) as plan:
        for member in plan.namelist():
            if not member.startswith("tfconfig/"):
                yield from _text(f"{file}:{member}", plan.read(member), kinds.get(member, "other"))


def _text(name: str, content: bytes, kind: Kind) -> Iterator[Place]:
    text = content.decode(errors="replace")
    yield name, text, kind
    try:
        state = json.loads(text)
    except ValueError:
        return
    if isinstance(state, dict):
        for resource in state.get("resources") or ():
            for instance in resource.get("instances", ()):
                private = base64.b64decode(instance.get("private") or "").decode(errors="replace")
                yield f"private state in {name}", private, "other"


def _stands_in(secret: str, text: str) -> bool:
    if re.fullmatch("[a-z]+", secret):
        # Terraform's own prose may use the word; a value stands between quotes or behind an equals sign.
        return re.search(rf"""["'`=]{secret}(?=["'`&,;}}\s]|$)""", text) is not None
    return any(form in text for form in _forms(secret))


def _forms(secret: str) -> set[str]:
    """The ways in which a secret may be written: plain, in JSON (Go's too), in Python, in a URL, in Base64."""
    in_json = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    in_go = {one.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026") for one in in_json}
    # Of a short one the part that does not depend on what follows may stand anywhere.
    encoded = {base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]} if len(secret) >= _LONG else set()
    return {secret, *in_json, *in_go, repr(secret)[1:-1], quote(secret), quote(secret, safe=""), *encoded}


def _unquoted(literal: str) -> str:
    try:
        return str(json.loads(f'"{literal}"'))
    except ValueError:
        return literal
