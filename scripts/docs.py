"""Generate `docs/`, in the layout of the Terraform Registry, or check that it is what the code generates.

    python scripts/docs.py          writes the reference pages
    python scripts/docs.py --check  exits with 1 and names what differs

The words come from the descriptions in the schemas, the examples from `examples/`. The guides in `docs/guides/` are
written by hand.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import generating
from tf.schema import Attribute, Schema
from tf.types import TfType
from tf.utils import Diagnostics

from terraform_provider_ecgrid.actions.callback_test import CallbackTestAction
from terraform_provider_ecgrid.callback.schema import CALLBACK_IDENTITY
from terraform_provider_ecgrid.data_sources.callback import CallbackDataSource
from terraform_provider_ecgrid.data_sources.callback_events import CallbackEventsDataSource
from terraform_provider_ecgrid.data_sources.callbacks import CallbacksDataSource
from terraform_provider_ecgrid.data_sources.current_user import CurrentUserDataSource
from terraform_provider_ecgrid.data_sources.mailbox import MailboxDataSource
from terraform_provider_ecgrid.data_sources.mailboxes import MailboxesDataSource
from terraform_provider_ecgrid.list_resources.callback import CallbackListResource
from terraform_provider_ecgrid.plugin.authoring import Object, WriteOnly
from terraform_provider_ecgrid.provider import EcgridProvider
from terraform_provider_ecgrid.resources.callback import CallbackResource

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples"
_WRITE_ONLY = "https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments"
_IMPORT_BLOCK = "[`import` block](https://developer.hashicorp.com/terraform/language/import)"
_IMPORT_COMMAND = "[`terraform import` command](https://developer.hashicorp.com/terraform/cli/commands/import)"

# File names without their ending, in the order in which a new user needs them.
GUIDES = (
    "taking_over",
    "before_the_first_plan",
    "installing",
    "troubleshooting",
    "coming_from_restapi_or_curl",
    "adopting_an_account",
    "several_events",
    "rotating_a_password",
    "leaving_behind",
    "ci",
    "rehearsing_a_bad_day",
    "knowing_the_sender",
    "reading_the_log",
    "omitted",
)

_DATA_SOURCES = (
    (CallbackDataSource, "Terraform 1.6 and newer."),
    (CallbacksDataSource, "Terraform 1.6 and newer; the `import` block with `for_each` of the example needs 1.7."),
    (CallbackEventsDataSource, "Terraform 1.6 and newer."),
    (MailboxDataSource, "Terraform 1.6 and newer."),
    (MailboxesDataSource, "Terraform 1.6 and newer."),
    (CurrentUserDataSource, "Terraform 1.6 and newer."),
)


def pages() -> dict[str, str]:
    """Return the reference pages: path below `docs/` → text."""
    found = {
        "index.md": _index(),
        "resources/callback.md": _resource(),
        "list-resources/callback.md": _page(
            "ecgrid_callback",
            "List Resource",
            CallbackListResource.get_schema(),
            "Terraform 1.14 and newer.",
            "list-resources/ecgrid_callback/list-resource.tfquery.hcl",
        ),
        "actions/callback_test.md": _page(
            "ecgrid_callback_test",
            "Action",
            CallbackTestAction.get_schema(),
            "Terraform 1.14 and newer. Trigger it with `after_create` and `after_update`. With `before_update`, an "
            "action that reads the same resource is a cycle, which Terraform refuses.",
            "actions/ecgrid_callback_test/action.tf",
        ),
    }
    for kind, since in _DATA_SOURCES:
        name = f"ecgrid_{kind.get_name()}"
        example = f"data-sources/{name}/data-source.tf"
        found[f"data-sources/{kind.get_name()}.md"] = _page(name, "Data Source", kind.get_schema(), since, example)
    return found


def complaints() -> list[str]:
    """Say of each page that is missing or not what the code generates now how to mend it."""
    return [
        f"docs/{name} is not what the code generates; run `make docs`."
        for name, text in pages().items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]


def write() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")


def guides() -> list[tuple[str, str]]:
    """Return the guides, in the order of `GUIDES`: file name and title."""
    return [(f"{name}.md", _title(DOCS / "guides" / f"{name}.md")) for name in GUIDES]


def _title(guide: Path) -> str:
    for line in guide.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            return line.removeprefix("# ")
    raise ValueError(f"{guide.name} has no title")


def _index() -> str:
    schema = EcgridProvider().get_provider_schema(Diagnostics())
    return _joined(
        _front_matter("ECGrid Provider", schema.description or "", subcategory=False),
        "# ECGrid Provider",
        schema.description or "",
        _text("index_introduction"),
        "## Example Usage",
        _code("terraform", _example("provider/provider.tf")),
        _text("index_authentication"),
        "## Guides",
        "\n".join(f"- [{title}](guides/{name})" for name, title in guides()),
        _schema(schema),
    )


def _resource() -> str:
    folder = "resources/ecgrid_callback"
    schema = CallbackResource.get_schema()
    return _joined(
        _front_matter("ecgrid_callback Resource - ecgrid", schema.description or ""),
        "# ecgrid_callback (Resource)",
        schema.description or "",
        _text("resource_introduction"),
        "## Example Usage",
        _code("terraform", _example(f"{folder}/resource.tf")),
        "### Keep a password out of the plan and the state",
        "Needs Terraform 1.11 or newer. The guide [Rotate a password that is not in the state]"
        "(../guides/rotating_a_password.md) says what Terraform itself keeps.",
        _code("terraform", _example("rotation/main.tf")),
        _text("resource_drift"),
        _schema(schema),
        "## Import",
        "Import is supported using the following syntax:",
        f"In Terraform v1.12.0 and later, the {_IMPORT_BLOCK} can be used with the `identity` attribute, for example:",
        _code("terraform", _example(f"{folder}/import-by-identity.tf")),
        "### Identity Schema",
        "#### Required",
        "\n".join(f"- `{one.name}` ({_kind(one.type)}) {one.description}" for one in CALLBACK_IDENTITY.attributes),
        f"In Terraform v1.5.0 and later, the {_IMPORT_BLOCK} can be used with the `id` attribute (with `for_each` in "
        "Terraform v1.7.0 and later), for example:",
        _code("terraform", _example(f"{folder}/import-by-string-id.tf")),
        f"The {_IMPORT_COMMAND} can be used, for example:",
        _code("shell", _example(f"{folder}/import.sh")),
        '~> An imported callback has `on_destroy = "delete"` unless you configure it: a destroy deletes it at ECGrid. '
        "The guide [Take over what exists](../guides/taking_over.md) compares import and take-over.",
        "## Move from another resource type",
        "With Terraform 1.8 or OpenTofu 1.10 and newer, a `moved` block takes over a callback that is managed with "
        "`restapi_object`, or with `terraform_data` and curl. The guide [Come from restapi or curl]"
        "(../guides/coming_from_restapi_or_curl.md) says what it needs.",
        _code("terraform", _example(f"{folder}/moved.tf")),
    )


def _page(name: str, kind: str, schema: Schema, since: str, example: str) -> str:
    return _joined(
        _front_matter(f"{name} {kind} - ecgrid", schema.description or ""),
        f"# {name} ({kind})",
        schema.description or "",
        f"-> {since}",
        "## Example Usage",
        _code("terraform", _example(example)),
        _schema(schema),
    )


def _front_matter(title: str, description: str, *, subcategory: bool = True) -> str:
    """Return a page's head. The registry wants no subcategory in the index."""
    between = 'subcategory: ""\n' if subcategory else ""
    return f'---\npage_title: "{title}"\n{between}description: |-\n  {description}\n---'


def _schema(schema: Schema) -> str:
    attributes = sorted(schema.attributes, key=lambda one: one.name)
    groups = (
        ("Required", [one for one in attributes if one.required]),
        ("Optional", [one for one in attributes if one.optional]),
        ("Read-Only", [one for one in attributes if one.computed and not one.optional]),
    )
    shown = [_group(title, ones) for title, ones in groups if ones]
    nested = [_nested(one) for one in attributes if _object(one)]
    return _joined("## Schema", *shown, *nested).rstrip("\n")


def _group(title: str, attributes: list[Attribute]) -> str:
    lines = [_attribute(one) for one in attributes]
    if any(isinstance(one, WriteOnly) for one in attributes):
        lines = [
            f"> **NOTE**: [Write-only arguments]({_WRITE_ONLY}) are supported in Terraform 1.11 and later.\n",
            *lines,
        ]
    return f"### {title}\n\n" + "\n".join(lines)


def _attribute(attribute: Attribute) -> str:
    flags = [_kind(attribute.type)]
    if attribute.sensitive:
        flags.append("Sensitive")
    if isinstance(attribute, WriteOnly):
        flags.append(f"[Write-only]({_WRITE_ONLY})")
    words, see = attribute.description or "", ""
    if _object(attribute):
        words = re.sub(r" Each \w+ has:$", "", words.partition("\n")[0])
        see = f" (see [below for nested schema](#nestedatt--{attribute.name}))"
    return f"- `{attribute.name}` ({', '.join(flags)}) {words}{see}"


def _nested(attribute: Attribute) -> str:
    """Return the attributes of a list of objects. Their descriptions are lines of the list's own."""
    element = _object(attribute)
    assert element is not None  # noqa: S101 - for the type checker: the caller asked
    described = dict(re.findall(r"^  - `(\w+)`: (.+)$", attribute.description or "", re.MULTILINE))
    lines = [f"- `{name}` ({_kind(type_)}) {described[name]}" for name, type_ in sorted(element.attributes.items())]
    head = f'<a id="nestedatt--{attribute.name}"></a>\n### Nested Schema for `{attribute.name}`'
    return f"{head}\n\nRead-Only:\n\n" + "\n".join(lines)


def _object(attribute: Attribute) -> Object | None:
    element = getattr(attribute.type, "element_type", None)
    return element if isinstance(element, Object) else None


def _kind(type_: TfType) -> str:
    wire = json.loads(type_.tf_type())
    return "List of Object" if isinstance(wire, list) else {"bool": "Boolean"}.get(wire, wire.capitalize())


def _text(name: str) -> str:
    """Return a part of a page that no schema holds."""
    return (ROOT / "scripts" / "templates" / f"{name}.md").read_text(encoding="utf-8").rstrip("\n")


def _example(path: str) -> str:
    return (EXAMPLES / path).read_text(encoding="utf-8").rstrip("\n")


def _code(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _joined(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(generating.main("docs.py", sys.argv[1:], complaints=complaints, write=write))
