"""How what ECGrid answers becomes Terraform's state."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.urls import is_same_endpoint
from terraform_provider_ecgrid.plugin.authoring import State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Callback, Registration
    from terraform_provider_ecgrid.callback.private_state import PrivateState

_STATUSES = frozenset(status.value for status in Status)
Differences = dict[str, tuple[Any, str]]
"""Field → (what was sent, what ECGrid shows)."""

_ANSWERED = ("url", "event", "mailbox_id", "network_id", "http_auth_type")


def status_or_none(status: str | None) -> str | None:
    """Return a registration's status; None for a delivery's state, which says nothing of the registration."""
    return status if status in _STATUSES else None


def settled(planned: State, callback_id: int, *shown: Callback | Registration | None) -> State:
    """Return the planned state with what was unknown filled from the first of `shown` that has it.

    Terraform demands every value that the plan showed as known back unchanged, so an answer never replaces one.
    """
    answers = [answer for answer in shown if answer is not None]
    state = dict(planned)
    state["callback_id"] = callback_id
    state["id"] = str(callback_id)
    for name in _ANSWERED:
        if state[name] is Unknown:
            state[name] = _first(getattr(answer, name) for answer in answers)
    if state["status"] is Unknown:
        state["status"] = _first(status_or_none(answer.status) for answer in answers)
    state["password_wo"] = None
    return state


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def imported(callback_id: int, entry: Registration) -> State:
    """Return the state of a callback that is imported as the lookups show it."""
    return {
        "callback_id": callback_id,
        "id": str(callback_id),
        "url": entry.url,
        "event": entry.event,
        "status": status_or_none(entry.status),
        "mailbox_id": entry.mailbox_id,
        "network_id": entry.network_id,
        "http_auth_type": entry.http_auth_type,
        "username": None,
        "password": None,
        "password_wo": None,
        "password_wo_version": None,
        "on_destroy": OnDestroy.DELETE.value,
        "verify_delivery": None,
    }


def refreshed(current: State, answer: Callback, private: PrivateState) -> State:
    """Return the state with what a lookup shows, or the answer to an update that was not carried out as asked.

    A URL that ECGrid made of the one that was sent is that one. What is not shown keeps the state's value: the
    credentials always, `http_auth_type` in the lookups of model Q. So does the scope, because a refresh must not fill
    what a plan may already have shown as null.
    """
    url = None if answer.url is None else private.as_configured(answer.url)
    shown = {"url": url} | _enumerations(answer)
    return current | {name: value for name, value in shown.items() if value is not None}


def not_made(changes: dict[str, Any], answer: Callback | None, urls_before: Collection[str] = ()) -> Differences:
    """Return the changes that ECGrid shows as not made: field → (sent, shown).

    Args:
        changes: what was sent.
        answer: what ECGrid answered, or what a lookup showed afterwards; None shows nothing.
        urls_before: how ECGrid spelled the URL before. A URL may come back in another spelling, but not as it was.
    """
    if answer is None:
        return {}
    shown = _enumerations(answer)
    as_before = any(is_same_endpoint(answer.url, before) for before in urls_before)
    if as_before and not is_same_endpoint(answer.url, changes.get("url", "")):
        shown["url"] = answer.url
    return {
        name: (changes[name], value)
        for name, value in shown.items()
        if name in changes and value is not None and value != changes[name]
    }


def _enumerations(answer: Callback) -> dict[str, str | None]:
    return {
        "event": answer.event,
        "status": status_or_none(answer.status),
        "http_auth_type": answer.http_auth_type,
    }
