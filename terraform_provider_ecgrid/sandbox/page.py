"""The sandbox's page for people, at `/`."""

from html import escape
from importlib.resources import files
from string import Template

from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World


def render(world: World) -> str:
    """Return the page with the table of registrations; of credentials it says only whether they are set."""
    rows = "\n".join(_row(callback) for callback in world.store.all())
    template = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        rows=rows or '<tr><td colspan="7">None.</td></tr>',
        lookups=escape(world.lookups),
        events=len(world.store.deliveries()),
    )


def _row(callback: Record) -> str:
    held = " and ".join(name for name in ("username", "password") if callback[name]) or "none"
    url = callback["url"].partition("?")[0].partition("#")[0]
    cells = (
        callback["callbackId"],
        url,
        callback["event"],
        callback["status"],
        callback["mailboxId"] or "any",
        callback["networkId"] or "any",
        f"{callback['httpAuthType']} (held: {held})",
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
