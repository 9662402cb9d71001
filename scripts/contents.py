"""What goes into the standalone provider: what pip would install for it, without what it never loads."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from encodings import aliases
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from terraform_provider_ecgrid import __version__

CHECKOUT = Path(__file__).resolve().parent.parent
NAME = "terraform-provider-ecgrid"

# Debug symbols are two thirds of some builds of Python. Elsewhere than on Linux stripping breaks signatures.
STRIP = sys.platform == "linux" and shutil.which("strip") is not None

# Never loaded by a plugin: the sandbox, a second event loop, tests and tools of the standard library and of the
# libraries, terminals, archives.
_NEVER = (
    "terraform_provider_ecgrid.sandbox",
    *("anyio", "grpc", "pycparser", "pydantic.v1", "pydantic.mypy", "_distutils_hack", "pkg_resources"),
    *("bdb", "cmd", "curses", "doctest", "idlelib", "lib2to3", "pdb", "pydoc", "pydoc_data", "readline", "rlcompleter"),
    *("sqlite3", "test", "tkinter", "turtle", "turtledemo", "unittest", "venv", "wsgiref", "xmlrpc", "ensurepip"),
    *("_bz2", "_curses", "_lzma", "_pydecimal", "bz2", "lzma", "multiprocessing", "tarfile"),
)
# Files that are no modules, and the folders that they go to.
_PREPARED = "terraform_provider_ecgrid/prepared"
DATA = [(str(CHECKOUT / _PREPARED), _PREPARED)]
# Of Python's codecs, those that an answer over HTTP or a console may be in.
_CODECS: tuple[str, ...] = (
    "aliases",
    "ascii",
    "charmap",
    "idna",
    "latin_1",
    "mbcs",
    "oem",
    "punycode",
    "undefined",
    "utf_",
    "cp1252",
)
_CODECS += ("cp437", "cp65001", "iso8859_1", "iso8859_15", "raw_unicode_escape", "unicode_escape", "cp850", "hex_codec")
_MULTIBYTE = ("_multibytecodec", *(f"_codecs_{name}" for name in ("cn", "hk", "iso2022", "jp", "kr", "tw")))


def executable_name() -> str:
    """The executable's name as Terraform looks for it, without `.exe`."""
    return f"{NAME}_v{__version__}"


def runtime_distributions() -> list[Distribution]:
    """All that the provider needs here, without extras. Raises `PackageNotFoundError` where one is not installed."""
    found: dict[str, Distribution] = {}
    # The provider's own come from the checkout: what is installed of an editable package may be older.
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted: list[str] = project["dependencies"]
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found[name] = distribution(name)
            wanted += found[name].requires or ()
    return [found[name] for name in sorted(found)]


def excluded() -> list[str]:
    """Modules that PyInstaller leaves out: other distributions' in this environment, and what is never loaded."""
    needed = {NAME, *(canonicalize_name(one.metadata["Name"]) for one in runtime_distributions())}
    others = [
        module
        for module, owners in packages_distributions().items()
        if not needed & {canonicalize_name(owner) for owner in owners}
    ]
    return sorted({*others, *_NEVER, *_MULTIBYTE, *_unused_codecs()})


def wanted_data(path: str) -> bool:
    """Whether a data file is needed. Metadata and types are for tools, and the system's certificates are used."""
    parts = path.replace("\\", "/").split("/")
    unused = ("cacert.pem", "py.typed", ".pyi", ".dist-info")
    return not any(part.endswith(unused) for part in parts)


def licences() -> dict[str, bytes]:
    """The licences of all that pip would install for it, by their path in the archive."""
    found: dict[str, bytes] = {}
    for one in runtime_distributions():
        name = one.metadata["Name"]
        for file in one.files or ():
            if ".dist-info" in file.parts[0] and file.name.upper().startswith(("LICEN", "NOTICE", "COPYING")):
                found.setdefault(f"licenses/{name}/{file.name}", Path(str(file.locate())).read_bytes())
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.is_file():
        found["licenses/Python/LICENSE.txt"] = python.read_bytes()
    return found


def _unused_codecs() -> Iterable[str]:
    for codec in set(aliases.aliases.values()):
        if not codec.startswith(_CODECS):
            yield f"encodings.{codec}"
