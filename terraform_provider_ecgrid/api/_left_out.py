"""Loading a library without what it imports and this client does not use."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def left_out(modules: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Let the imports in the `with` block find stand-ins for modules that are not loaded yet.

    A stand-in loads its module when it is asked for a name that it does not hold, so nothing stops working. After the
    block an import gets the module itself.

    Args:
        modules: what each stand-in holds, by the name of the module. For `import a.b` the package `a` must be loaded.
    """
    stand_ins = {name: _StandIn(name, held) for name, held in modules.items() if name not in sys.modules}
    for name, stand_in in stand_ins.items():
        package, _, last = name.rpartition(".")
        if package in sys.modules:
            # `import a.b` leaves it to the package to have the name `b`.
            setattr(sys.modules[package], last, stand_in)
        sys.modules[name] = stand_in
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


def late(module: str, name: str) -> Callable[..., Any]:
    """Return a function that loads `module` when it is called, and calls the function `name` in it."""
    return lambda *args: getattr(_itself(module), name)(*args)


class _StandIn(ModuleType):
    def __init__(self, name: str, held: Mapping[str, Any]) -> None:
        super().__init__(name)
        vars(self).update(held)

    def __getattr__(self, name: str) -> Any:
        # Not there to be found: the import machinery asks for these of any module that it meets.
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_itself(self.__name__), name)


def _itself(name: str) -> ModuleType:
    if isinstance(sys.modules.get(name), _StandIn):
        del sys.modules[name]
    return importlib.import_module(name)
