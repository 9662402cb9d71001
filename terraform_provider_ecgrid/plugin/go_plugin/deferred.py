"""Importing a library without what it loads but does not use, until that is asked for.

Python's own `importlib.util.LazyLoader` does not help, because a second `import` of a lazy module already loads it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class _Deferred(ModuleType):
    """Stands for a module until one of its names is asked for, then passes everything on to the real one."""

    def __getattr__(self, name: str) -> Any:
        # Not there to be found: the import machinery asks for these of any module that it meets.
        if name in ("__path__", "__file__", "__wrapped__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Let the imports in the `with` block see stand-ins of the modules `names`, loaded when they are first used.

    After the block `sys.modules` holds no stand-in, so a later import gets the real module. A module that is loaded
    already stays as it is.
    """
    stand_ins = {name: _Deferred(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                sys.modules.pop(name, None)
