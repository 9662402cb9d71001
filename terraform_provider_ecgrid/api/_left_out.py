"""Loading a library without what it imports and this client never uses."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def left_out(modules: Mapping[str, Mapping[str, Any] | None]) -> Iterator[None]:
    """Let the imports in the `with` block find stand-ins for modules; after it everything is as before.

    Args:
        modules: what each stand-in holds, by the name of the module; any other name in it is an empty class. None: the
            module cannot be found. For `import a.b` the package `a` must be loaded.
    """
    # Another thread's stand-in is not what was there before.
    found = {name: sys.modules.get(name, _ABSENT) for name in modules}
    before = {name: _ABSENT if isinstance(module, _StandIn) else module for name, module in found.items()}
    for name, held in modules.items():
        _put(name, None if held is None else _StandIn(name, held))
    try:
        yield
    finally:
        for name, module in before.items():
            _put(name, module)


_ABSENT = object()


class _StandIn(ModuleType):
    def __init__(self, name: str, held: Mapping[str, Any]) -> None:
        super().__init__(name)
        vars(self).update(held)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def _put(name: str, module: object) -> None:
    seen: dict[str, object] = sys.modules  # type: ignore[assignment]  # None is Python's "not found"
    package, _, last = name.rpartition(".")
    if module is _ABSENT:
        seen.pop(name, None)
    else:
        seen[name] = module
    # `import a.b` leaves it to the package to have the name `b`.
    if package in seen:
        if isinstance(module, ModuleType):
            setattr(seen[package], last, module)
        elif hasattr(seen[package], last):
            delattr(seen[package], last)
