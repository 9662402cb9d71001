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
from collections.abc import Iterable
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
_WRITE_ONLY = "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only"

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
            "Terraform 1.14 and newer. Trigger it `after_create` and `after_update`; a `before_update` trigger that "
            "reads its own resource is a cycle.",
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
    """Return the guides: file name and title."""
    return [(file.name, _title(file)) for file in sorted((DOCS / "guides").glob("*.md"))]


def _title(guide: Path) -> str:
    for line in guide.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            return line.removeprefix("# ")
    raise ValueError(f"{guide.name} has no title")


def _index() -> str:
    schema = EcgridProvider().get_provider_schema(Diagnostics())
    listed = "\n".join(f"- [{title}](guides/{name})" for name, title in guides())
    return _joined(
        _front_matter("ECGrid Provider", schema.description or ""),
        "# ECGrid Provider",
        schema.description or "",
        "This provider is not tested against the live service: the vendor has no test host, and its pages partly "
        "contradict each other. Everything but the call `POST /v2/callbacks/update`, which follows the vendor's own "
        "example, is unverified. The vendor describes its read calls in two ways: in one model the queue shows "
        "registrations, in the other an event is a registration. The provider works with either and finds out by "
        "itself which one it meets. `terraform-provider-ecgrid check` says before the first plan what this means for "
        "your account: see [Before the first plan](guides/before_the_first_plan.md). Try your first change on a "
        "callback that does not matter, or on the sandbox: `terraform-provider-ecgrid sandbox`.",
        "## Example Usage",
        _code("terraform", _example("provider/provider.tf")),
        "## What needs which Terraform",
        "| feature | first version |\n|---|---|\n"
        "| resource, data sources, `import` blocks | Terraform 1.6 (the oldest that is tested) |\n"
        "| `import` blocks with `for_each` | 1.7 |\n"
        "| `moved` from `restapi_object` and `terraform_data` | 1.8 |\n"
        "| ephemeral variables | 1.10 |\n"
        "| `password_wo` | 1.11 |\n"
        "| import by identity | 1.12 |\n"
        "| `list` blocks (`terraform query`), actions | 1.14 |",
        "## Guides",
        listed,
        _schema(schema),
    )


def _resource() -> str:
    folder = "resources/ecgrid_callback"
    schema = CallbackResource.get_schema()
    return _joined(
        _front_matter("ecgrid_callback Resource", schema.description or ""),
        "# ecgrid_callback (Resource)",
        schema.description or "",
        "Terraform 1.6 and newer; `password_wo` needs 1.11.",
        "## Example Usage",
        _code("terraform", _example(f"{folder}/resource.tf")),
        "### A password that is in no plan and no state",
        "Terraform 1.11 and newer. The guide [Rotate a password without it touching the state]"
        "(../guides/rotating_a_password.md) says what Terraform itself keeps.",
        _code("terraform", _example("rotation/main.tf")),
        _schema(schema),
        "## Import",
        "Import is supported by the callback's id:",
        _code("shell", _example(f"{folder}/import.sh")),
        "An `import` block does the same with Terraform 1.5 and newer, by `for_each` with 1.7 and newer:",
        _code("terraform", _example(f"{folder}/import-by-string-id.tf")),
        "With Terraform 1.12 and newer it can name the callback by its identity:",
        _code("terraform", _example(f"{folder}/import-by-identity.tf")),
        "### Identity Schema",
        "#### Required",
        "\n".join(f"- `{one.name}` ({_kind(one.type)}) {one.description}" for one in CALLBACK_IDENTITY.attributes),
        'An imported callback has `on_destroy = "delete"` unless it is configured. The guide '
        "[Take over what exists](../guides/taking_over.md) says when to import and when to take over.",
        "## Move from another resource type",
        "With Terraform 1.8 and newer a `moved` block takes over a callback that is managed with `restapi_object`, or "
        "with `terraform_data` and curl. The guide [Come from restapi or curl]"
        "(../guides/coming_from_restapi_or_curl.md) says what it needs.",
        _code("terraform", _example(f"{folder}/moved.tf")),
    )


def _page(name: str, kind: str, schema: Schema, since: str, example: str) -> str:
    return _joined(
        _front_matter(f"{name} {kind}", schema.description or ""),
        f"# {name} ({kind})",
        schema.description or "",
        since,
        "## Example Usage",
        _code("terraform", _example(example)),
        _schema(schema),
    )


def _front_matter(title: str, description: str) -> str:
    return f'---\npage_title: "{title}"\nsubcategory: ""\ndescription: |-\n  {description}\n---'


def _schema(schema: Schema) -> str:
    attributes = sorted(schema.attributes, key=lambda one: one.name)
    groups = (
        ("Required", [one for one in attributes if one.required]),
        ("Optional", [one for one in attributes if one.optional]),
        ("Read-Only", [one for one in attributes if one.computed and not one.optional]),
    )
    return _joined("## Schema", *(_group(title, ones) for title, ones in groups if ones)).rstrip("\n")


def _group(title: str, attributes: Iterable[Attribute]) -> str:
    return f"### {title}\n\n" + "\n".join(_attribute(one) for one in attributes)


def _attribute(attribute: Attribute) -> str:
    flags = [_kind(attribute.type)]
    if attribute.sensitive:
        flags.append("Sensitive")
    if isinstance(attribute, WriteOnly):
        flags.append(f"[Write-only]({_WRITE_ONLY})")
    return f"- `{attribute.name}` ({', '.join(flags)}) {_described(attribute)}"


def _described(attribute: Attribute) -> str:
    """Return the description, in a list of objects with the type of each of their attributes."""
    element = getattr(attribute.type, "element_type", None)
    if not isinstance(element, Object):
        return attribute.description or ""

    def typed(match: re.Match[str]) -> str:
        return f"  - `{match[1]}` ({_kind(element.attributes[match[1]])}) "

    return re.sub(r"^  - `(\w+)`: ", typed, attribute.description or "", flags=re.MULTILINE)


def _kind(type_: TfType) -> str:
    wire = json.loads(type_.tf_type())
    return "List of Object" if isinstance(wire, list) else {"bool": "Boolean"}.get(wire, wire.capitalize())


def _example(path: str) -> str:
    return (EXAMPLES / path).read_text(encoding="utf-8").rstrip("\n")


def _code(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _joined(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(generating.main("docs.py", sys.argv[1:], complaints=complaints, write=write))
