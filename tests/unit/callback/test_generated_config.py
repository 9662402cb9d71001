from __future__ import annotations

from typing import Any

import pytest

from terraform_provider_ecgrid.callback.generated_config import generated_config
from tests.unit.api.support import ok
from tests.unit.callback.scripted_access import ScriptedAccess, held

STATE: dict[str, Any] = {
    "callback_id": 7001,
    "id": "7001",
    "url": "https://app.example.com/hook?token=s3cr3t",
    "event": "Parcel",
    "status": "Active",
    "mailbox_id": 12345,
    "on_destroy": "delete",
}


def generated(**differing: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The configuration, and what the run ledger says that it lacks."""
    access = ScriptedAccess(ok({}))
    config = generated_config(access, held(**(STATE | differing)))
    return config, access.ledger.unusable_of(7001)


def test_only_what_a_person_decides_is_written() -> None:
    assert generated() == ({name: STATE[name] for name in ("url", "event", "status")}, ())


@pytest.mark.parametrize("missing", ["url", "event", "status"])
def test_what_no_lookup_shows_is_left_out_without_a_word(missing: str) -> None:
    config, left_out = generated(**{missing: None})
    assert missing not in config
    assert "callback_id" not in config
    assert left_out == ()


@pytest.mark.parametrize(
    ("differing", "why"),
    [
        ({"url": "http://app.example.com/hook?token=s3cr3t"}, "not an HTTPS URL"),
        ({"url": "https://user:pw@app.example.com/hook?token=s3cr3t"}, "contains credentials"),
        ({"event": "ParcelNotes"}, '"ParcelNotes"'),
        ({"status": "Frozen"}, '"Frozen"'),
    ],
)
def test_what_would_be_refused_is_left_out_and_the_id_stands_for_it(differing: dict[str, str], why: str) -> None:
    config, (sentence,) = generated(**differing)
    (name,) = differing
    assert config == {"callback_id": 7001} | {
        other: STATE[other] for other in ("url", "event", "status") if other != name
    }
    assert why in sentence
    for secret in ("hook", "s3cr3t", "pw"):
        assert secret not in sentence
