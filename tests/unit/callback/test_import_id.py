"""Which ids an import takes, by name or by identity."""

from __future__ import annotations

from typing import Any

import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import ProviderNotReady
from terraform_provider_ecgrid.callback.read import import_callback
from terraform_provider_ecgrid.plugin.authoring import ImportContext


class Unready:
    """A provider that no request can be made with: whoever gets that far had an id."""

    @property
    def ledger(self) -> Any:
        raise AssertionError("an import has nothing to note")

    @property
    def shared_listing(self) -> Any:
        raise AssertionError("not before the client")

    @property
    def sweep(self) -> Any:
        raise AssertionError("an import goes by id")

    def client(self) -> Any:
        raise ProviderNotReady(("base_url",))


def said(id_: str, identity: dict[str, Any] | None = None) -> tuple[str, str]:
    ctx = ImportContext(Diagnostics(), "ecgrid_callback", identity=identity)
    assert import_callback(Unready(), ctx, id_) is None
    (error,) = ctx.diagnostics.diagnostics
    return error.summary, error.detail or ""


@pytest.mark.parametrize("id_", ["orders", "0", "-1", "7001.5", "2147483648", " 7001", "7001\n", "٧٠٠١", "1e3", "0x1"])
def test_an_id_that_is_none_is_refused_with_what_one_looks_like(id_: str) -> None:
    summary, detail = said(id_)
    assert summary == "Unusable import id"
    assert f"`{id_}`" in detail
    assert "from 1 to 2147483647" in detail


@pytest.mark.parametrize("value", [0, 2147483648, -1, 7001.5, None])
def test_an_identity_that_names_none_is_refused(value: Any) -> None:
    assert said("", {"callback_id": value})[0] == "Unusable import id"


@pytest.mark.parametrize(("id_", "identity"), [("2147483647", None), ("", {"callback_id": 7001}), ("07001", None)])
def test_an_id_is_taken_and_an_unready_provider_is_named_beside_it(id_: str, identity: dict[str, Any] | None) -> None:
    summary, detail = said(id_, identity)
    assert summary == "ECGrid not asked"
    assert f"Callback {int(id_ or 7001)} cannot be imported" in detail
    assert "`base_url`" in detail
