from __future__ import annotations

from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.api.registrations import LookupModel
from terraform_provider_ecgrid.check.conclusion import Conclusion, seen_in

SHOWN = Registration(callback_id=7001, url="https://app.example.com", event="Parcel", status="Active")


def test_drift_is_that_of_the_fields_that_some_callback_shows() -> None:
    with_type = Registration(callback_id=7002, http_auth_type="None")
    assert seen_in([SHOWN], LookupModel.EVENT, lists_refused=False)[0] == ("url", "event", "status")
    drift, scope = seen_in([SHOWN, with_type], LookupModel.EVENT, lists_refused=True)
    assert drift == ("url", "event", "status", "http_auth_type")
    assert scope == ("mailbox_id", "network_id")


def test_without_its_list_model_q_shows_no_scope() -> None:
    drift, scope = seen_in([SHOWN], LookupModel.QUEUE, lists_refused=True)
    assert scope == ()
    said = Conclusion("", LookupModel.QUEUE, drift, scope, lists_refused=True).text
    assert said == (
        "The provider will work. A plan shows when somebody else changed url, event or status. It cannot show a change "
        "of http_auth_type. An import reads neither mailbox_id nor network_id."
    )


def test_drift_is_told_whatever_is_shown() -> None:
    every = ("url", "event", "status", "http_auth_type")
    said = Conclusion("", LookupModel.EVENT, every, ("mailbox_id", "network_id")).text
    assert "A plan shows when somebody else changed url, event, status or http_auth_type. An import" in said
    said = Conclusion("", LookupModel.EVENT, (), ("mailbox_id", "network_id")).text
    assert "work. A plan cannot show a change of url, event, status or http_auth_type. An import" in said
