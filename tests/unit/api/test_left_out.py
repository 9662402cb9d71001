import importlib
import sys

import pytest

from terraform_provider_ecgrid.api._left_out import left_out

NAME = "xml.sax.saxutils"


@pytest.fixture(autouse=True)
def only_the_package_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module(NAME)
    monkeypatch.delitem(sys.modules, NAME, raising=False)


def test_an_import_in_the_block_finds_what_the_stand_in_holds_and_empty_classes() -> None:
    with left_out({NAME: {"escape": str}}):
        import xml.sax.saxutils
        from xml.sax.saxutils import XMLGenerator, escape

        assert (escape, xml.sax.saxutils.escape) == (str, str)
        assert vars(XMLGenerator()) == {}
        assert not hasattr(xml.sax.saxutils, "__file__")


def test_an_import_after_the_block_finds_the_module_itself() -> None:
    with left_out({NAME: {"escape": str}}):
        pass
    import xml.sax.saxutils

    assert xml.sax.saxutils.escape("<") == "&lt;"


def test_a_module_that_was_loaded_is_there_again_even_after_an_error() -> None:
    import xml.sax.saxutils as before

    with pytest.raises(KeyError), left_out({NAME: {}}):
        raise KeyError
    import xml.sax.saxutils

    assert xml.sax.saxutils is sys.modules[NAME] is before


def test_a_module_can_be_as_if_it_was_not_installed() -> None:
    with left_out({NAME: None}), pytest.raises(ImportError):
        importlib.import_module(NAME)


def test_a_stand_in_does_not_outlast_two_blocks_that_overlap() -> None:
    first, second = left_out({NAME: {}}), left_out({NAME: {}})
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert NAME not in sys.modules
