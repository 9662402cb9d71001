"""Which ids an import takes, by name or by identity."""

from __future__ import annotations

from typing import Any

import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.read import import_callback
from terraform_provider_ecgrid.plugin.authoring import ImportContext
from terraform_provider_ecgrid.session import Session

UNREADY = Session(unknown=("base_url",))
"""A run in which no request can be made: whoever gets that far had an id."""


def said(id_: str, identity: dict[str, Any] | None = None) -> tuple[str, str]:
    ctx = ImportContext(Diagnostics(), "ecgrid_callback", identity=identity)
    assert import_callback(UNREADY, ctx, id_) is None
    (error,) = ctx.diagnostics.diagnostics
    return error.summary, error.detail or ""


@pytest.mark.parametrize("id_", ["orders", "0", "-1", "7001.5", "2147483648", " 7001", "7001\n", "٧٠٠١", "1e3", "0x1"])
def test_an_id_that_is_none_is_refused_with_what_one_looks_like(id_: str) -> None:
    summary, detail = said(id_)
    assert summary == "Invalid import id"
    assert f"`{id_}`" in detail
    assert "from 1 to 2147483647" in detail


def test_a_url_in_the_place_of_an_id_is_quoted_without_its_path() -> None:
    assert said("https://app.example.com/0k3n")[1].startswith("`https://app.example.com/…` is not a callback id")


@pytest.mark.parametrize("value", [0, 2147483648, -1, 7001.5, None])
def test_an_identity_that_names_none_is_refused(value: Any) -> None:
    summary, detail = said("", {"callback_id": value})
    assert summary == "Invalid import id"
    assert ("`callback_id` in the identity is null" if value is None else f"`{value}` is not") in detail


def test_an_empty_id_is_called_empty() -> None:
    assert "The import id is empty" in said("")[1]


@pytest.mark.parametrize(("id_", "identity"), [("2147483647", None), ("", {"callback_id": 7001}), ("07001", None)])
def test_an_id_is_taken_and_an_unready_provider_is_named_beside_it(id_: str, identity: dict[str, Any] | None) -> None:
    summary, detail = said(id_, identity)
    assert summary == "ECGrid not called"
    assert f"Callback {int(id_ or 7001)} cannot be imported" in detail
    assert "`base_url`" in detail
