"""httpx without its command line. Import httpx from here.

If click and pygments are installed, `import httpx` loads them for a command that this process never runs: 10 ms of the
160 that the client takes to load.
"""

import sys
from types import ModuleType

_modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None is Python's "not found"
_modules.setdefault("httpx._main", None)
import httpx as httpx  # noqa: E402 - after the line that leaves its command out

if _modules["httpx._main"] is None:
    del _modules["httpx._main"]
