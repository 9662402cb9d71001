"""The executable that `install` gives to Terraform, and the pointer file that tells it which Python runs the provider.

Terraform's lock file records a checksum of the folder that holds the executable. So its text depends on the version
alone, is the same on every machine, and one lock file serves a whole team; what differs, the path of Python, is in a
pointer file outside that folder. Two are tried, and the first whose Python can be used wins: the mirror's, which
needs no home folder, then the user's own, for a mirror from another machine and for a copy of the executable.

When a plugin ends before its handshake Terraform shows the first line of its stdout (HashiCorp's go-plugin,
"Unrecognized remote plugin message"), and its stderr only in a log: the sentence about a broken pointer goes where it
is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_NAME = "terraform-provider-ecgrid"

# A mirror's pointer file. It lies in the folder of a version, where Terraform looks for folders and passes over files.
POINTER_NAME = f"{_NAME}.txt"

# The second line of every launcher; by it `--uninstall` knows which files are its own.
_MARK = f"Written by `{_NAME} install`"

# Python itself is told to ignore PYTHONPATH and the like (-E) and the folder where Terraform runs (-P). Not -I, which
# would hide what `pip install --user` installed.
_START = "import sys; from terraform_provider_ecgrid.__main__ import main; sys.exit(main())"

# Either of the two variables that are unset makes a Python on macOS take itself for another one. `..` leads to what is
# above the folder that a link names: from Terraform's `.terraform` to the mirror.
# A shell instead of a `#!` line with Python's path: that line is cut after 127 bytes and cannot hold a space.
_POSIX = """\
#!/bin/sh
# @MARK@: starts the ECGrid provider @VERSION@ with the Python that a pointer file names.
unset __PYVENV_LAUNCHER__ PYTHONEXECUTABLE
mirrors=${0%/*}/../@POINTER@
own=${HOME-}/.terraform.d/@NAME@/@VERSION@.txt
reason="neither $mirrors nor $own can be read"
for pointer in "$mirrors" "$own"; do
  { IFS= read -r python && IFS= read -r package; } 2>/dev/null <"$pointer" || continue
  if [ ! -x "$python" ]; then
    reason="its Python ($python) does not exist, or this user may not run it"
  elif [ ! -e "$package" ]; then
    reason="its Python ($python) no longer has this version"
  else
    exec "$python" -E -P -c '@START@' "$@"
  fi
done
reason="The ECGrid provider @VERSION@ cannot start: $reason. @REMEDY@."
if [ -n "${TF_PLUGIN_MAGIC_COOKIE-}" ]; then
  printf '%s\\n' "$reason"
else
  printf '%s\\n' "$reason" >&2
fi
exit 1
"""

# Windows runs no script as a program: there the executable is scripts/launcher.c, compiled.
_WINDOWS = "launcher.exe"
_WINDOWS_MARK = f"\\terraform.d\\{_NAME}\\".encode("utf-16-le")


@dataclass(frozen=True)
class Launcher:
    """An executable for Terraform: the name of its file, and what is in it."""

    file_name: str
    content: bytes


def launcher(version: str, system: str) -> Launcher:
    """Give the executable for a version of the provider; `system` is as in `platform.system()`, in small letters."""
    if system == "windows":
        return Launcher(f"{_NAME}_v{version}.exe", Path(__file__).with_name(_WINDOWS).read_bytes())
    remedy = f"Install the Python package {_NAME} {version} where this user may run it, then run {_NAME} install"
    words = {
        "MARK": _MARK,
        "NAME": _NAME,
        "POINTER": POINTER_NAME,
        "REMEDY": remedy,
        "START": _START,
        "VERSION": version,
    }
    text = _POSIX
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return Launcher(f"{_NAME}_v{version}", text.encode("ascii"))


def is_launcher(content: bytes) -> bool:
    """Tell whether a file's content is a launcher, of whatever version and system."""
    if content.startswith(b"MZ"):
        return _WINDOWS_MARK in content
    return _MARK.encode("ascii") in b"".join(content.splitlines()[1:2])


@dataclass(frozen=True)
class Pointer:
    """What a pointer file says.

    `python` is the interpreter, `package` a file that is there as long as this version is installed in it; `mirrors`
    are the folders that hold a launcher, kept in the user's own so that the last `--uninstall` takes it along.
    """

    python: str
    package: str
    mirrors: tuple[str, ...] = ()

    def text(self) -> str:
        """Give the file's content: one path per line. Raises `ValueError` for a path with a line break."""
        lines = (self.python, self.package, *self.mirrors)
        if any(len(line.splitlines()) > 1 for line in lines):
            raise ValueError("a path with a line break")
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Pointer:
        """Read a file's content; what is not there is empty."""
        python, package, *mirrors = [*text.split("\n"), "", ""]
        return cls(python, package, tuple(mirror for mirror in mirrors if mirror))
