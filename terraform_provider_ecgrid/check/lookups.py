"""The steps about callbacks: which model ECGrid's lookups follow, and what each shows of one callback."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import EcgridError, NotEcgrid
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.api.registrations import Registrations, Sighting, shows_nothing
from terraform_provider_ecgrid.callback.find import Found, find_callback, find_with_scope, tolerating
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.check.advice import failed
from terraform_provider_ecgrid.check.step import MODEL_NAMES, Outcome, Step

_CALLS = {LookupModel.QUEUE: "get-queue-by-id", LookupModel.EVENT: "get-event-by-id"}
_MODELS = {
    LookupModel.QUEUE: "ECGrid's queue shows each callback with its status",
    LookupModel.EVENT: "ECGrid shows each callback as an event, with its status",
}
# What the other model's lookup by id may answer about a callback that this model's lookup shows.
_OF_THE_OTHER_MODEL = ("not found", "deliveries", "HTTP 400")


def is_ecgrid(reads: Registrations) -> bool:
    """Say whether ECGrid answers something that a plan asks for, if only with a refusal."""
    return _is_answered(reads.own) or _is_answered(lambda: next(reads.queue_pages(), None))


def find_model(reads: Registrations, variable: str) -> tuple[Step, Sequence[Registration]]:
    """Find out which model the lookups follow. Returns the first callbacks that are listed, too."""
    try:
        listed = _first_page(reads)
    except EcgridError as error:
        # A take-over needs no list. But a gateway may let nothing but the version through.
        if not (shows_nothing(error) or (isinstance(error, NotEcgrid) and is_ecgrid(reads))):
            return failed("lookups", error, variable), ()
        return Step(
            "lookups",
            Outcome.WARNING,
            f"ECGrid does not list callbacks for this credential. {error.headline}",
            "A credential with the role NetworkAdmin may see more. If ECGrid needs a network to list, set "
            "ECGRID_NETWORK_ID.",
            details={"model": None, "lists_refused": True},
        ), ()
    model = reads.model
    if model is None:
        text = "ECGrid lists no callback, so the model is not known yet. The provider finds it out later by itself."
    else:
        text = f'{_MODELS[model]} (model "{MODEL_NAMES[model]}").'
    details = {"model": MODEL_NAMES[model] if model else None, "lists_refused": False}
    return Step("lookups", Outcome.OK, text, details=details), listed


def find_one(reads: Registrations, callback_id: int, variable: str) -> tuple[Step, Found | None]:
    """Look for one callback as a plan and an import do, and say what each lookup by id shows of it.

    Returns what is found, too; None after an error.
    """
    name = f"callback {callback_id}"
    try:
        found, _ = find_with_scope(reads, callback_id)
    except EcgridError as error:
        # A plan does without the list that an import needs.
        without_scope = tolerating(partial(find_callback, reads, callback_id))
        if without_scope is None:
            return failed(name, error, variable, details={"callback_id": callback_id}), None
        found = without_scope
    each = {call: _said(reads, model, callback_id) for model, call in _CALLS.items()}
    details = {"callback_id": callback_id, "shown": found.registration is not None, "lookups": each}
    if found.registration is None:
        why = (
            "It does not exist, this credential does not see it, or it has not fired yet."
            if found.usable
            else "ECGrid refuses every lookup of this callback."
        )
        advice = f"If it exists, you can take it over with `callback_id = {callback_id}`. You cannot import it."
        said = ", ".join(f"{call}: {words}" for call, words in each.items())
        return Step(name, Outcome.WARNING, f"Not shown ({said}). {why}", advice, details=details), found
    text, more = _described(found.registration)
    return Step(name, Outcome.OK, f"{text} ({_explained(each)}).", details=details | more), found


def ask_all(reads: Registrations, listed: Sequence[Registration]) -> None:
    """Ask every lookup, those by id for the first of `listed`, for the shapes of the answers alone. Nothing fails."""
    tolerating(lambda: next(reads.queue_pages(), None))
    user = tolerating(reads.own)
    if user is not None and user.network_id:
        tolerating(partial(reads.list_scope, user.network_id, user.mailbox_id or 0))
    for one in listed[:1]:
        for model in LookupModel:
            tolerating(partial(reads.look_up, model, one.callback_id))


def _first_page(reads: Registrations) -> Sequence[Registration]:
    """Return the first callbacks that ECGrid lists. Raises `EcgridError`."""
    page = next(reads.iter_listed(), None)
    return page.registrations if page else ()


def _is_answered(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except EcgridError as error:
        return not isinstance(error, NotEcgrid)
    return True


def _described(one: Registration) -> tuple[str, dict[str, object]]:
    """Return what may be shown of a callback, in words and for a machine."""
    shown: dict[str, object] = {
        "status": "".join(filter(str.isprintable, one.status or "")) or None,
        "url": origin_of(one.url) if one.url else None,
        "network_id": one.network_id,
        "mailbox_id": one.mailbox_id,
    }
    words = [
        str(shown["status"] or "status not shown"),
        str(shown["url"] or "URL not shown"),
        *([f"network {one.network_id}"] if one.network_id else []),
        *([f"mailbox {one.mailbox_id}"] if one.mailbox_id else []),
    ]
    return ", ".join(words), shown


def _explained(each: Mapping[str, str]) -> str:
    """Return what each lookup by id shows of a callback; if one shows it, the other need not."""
    normal = _OF_THE_OTHER_MODEL if "shown" in each.values() else ()
    notes = dict.fromkeys(normal, ", which is normal in this model")
    return "; ".join(f"{call}: {words}{notes.get(words, '')}" for call, words in each.items())


def _said(reads: Registrations, model: LookupModel, callback_id: int) -> str:
    """Return in a word or two what the lookup by id of one model shows."""
    try:
        return _in_words(reads.look_up(model, callback_id))
    except EcgridError as error:
        return _refused(error)


def _in_words(seen: Sighting) -> str:
    if seen.registration is not None:
        return "shown"
    if seen.not_found:
        return "not found"
    if seen.deliveries:
        return "deliveries"
    return _refused(seen.refusal) if seen.refusal else "nothing"


def _refused(error: EcgridError) -> str:
    return error.error_code or (f"HTTP {error.status}" if error.status else "unreadable")
