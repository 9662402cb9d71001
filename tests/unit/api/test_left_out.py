import importlib
import sys
from collections.abc import Iterator

import pytest

from terraform_provider_ecgrid.api._left_out import late, left_out

NAME = "xml.sax.saxutils"


@pytest.fixture(autouse=True)
def only_the_package_is_loaded() -> Iterator[None]:
    before = importlib.import_module(NAME)
    del sys.modules[NAME]
    yield
    sys.modules[NAME] = before


def test_an_import_in_the_block_finds_what_the_stand_in_holds() -> None:
    with left_out({NAME: {"escape": str}}):
        import xml.sax.saxutils
        from xml.sax.saxutils import escape
    assert (escape, xml.sax.saxutils.escape) == (str, str)
    assert NAME not in sys.modules


@pytest.mark.parametrize("within", [True, False])
def test_another_name_is_the_modules_own(within: bool) -> None:
    with left_out({NAME: {"escape": str}}):
        import xml.sax.saxutils as stand_in

        if within:
            assert stand_in.quoteattr("<") == '"&lt;"'
    assert stand_in.quoteattr("<") == '"&lt;"'


def test_an_import_after_the_block_finds_the_module_itself_even_after_an_error() -> None:
    with pytest.raises(KeyError), left_out({NAME: {"escape": str}}):
        raise KeyError
    import xml.sax.saxutils

    assert xml.sax.saxutils.escape("<") == "&lt;"


def test_a_loaded_module_stays_as_it_is() -> None:
    module = importlib.import_module(NAME)
    with left_out({NAME: {"escape": str}}):
        assert importlib.import_module(NAME) is module
    assert sys.modules[NAME] is module


def test_a_stand_in_does_not_outlast_two_blocks_that_overlap() -> None:
    first, second = left_out({NAME: {}}), left_out({NAME: {}})
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert NAME not in sys.modules


def test_a_late_function_loads_its_module_when_it_is_called() -> None:
    escape = late(NAME, "escape")
    assert NAME not in sys.modules
    assert escape("<") == "&lt;"
    assert NAME in sys.modules
