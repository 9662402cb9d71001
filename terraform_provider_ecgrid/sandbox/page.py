"""The sandbox's page for people, at `/`: three files that ask `/live` for what they show."""

import shlex
from importlib.resources import files

from fastapi import APIRouter, Response

HEADERS = {
    # Nothing but the page's own files, so that no text of a request can become a script, a request or a style.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What the browser is told of the page and of everything that it loads."""

router = APIRouter()


def exports(url: str, api_key: str) -> list[str]:
    """Return the lines that make a shell's Terraform use the sandbox at `url`."""
    return [f"export ECGRID_BASE_URL={url}", f"export ECGRID_API_KEY={shlex.quote(api_key)}"]


@router.get("/")
def page() -> Response:
    """Answer the page itself; it holds nothing of this sandbox."""
    return _file("page.html", "text/html")


@router.get("/page.css")
def style() -> Response:
    """Answer how it looks."""
    return _file("page.css", "text/css")


@router.get("/page.js")
def script() -> Response:
    """Answer what keeps it current."""
    return _file("page.js", "text/javascript")


def _file(name: str, kind: str) -> Response:
    return Response((files(__package__) / name).read_bytes(), media_type=kind, headers=HEADERS)
