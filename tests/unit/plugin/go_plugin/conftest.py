import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .plugin_process import Plugin


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with Plugin() as running:
        yield running


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder in which a socket's path is short enough."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)
