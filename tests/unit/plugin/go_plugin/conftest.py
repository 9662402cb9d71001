from collections.abc import Iterator

import pytest

from .plugin_process import Plugin


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with Plugin() as running:
        yield running
