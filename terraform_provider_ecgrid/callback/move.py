"""What a `moved` block brings from another type: the id of a callback, and nothing else.

People manage callbacks with `restapi_object`, or with `terraform_data` and curl. Their states hold whatever was sent
and answered, secrets included, so only the id is taken from them. The first refresh reads the rest from ECGrid.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.messages import plan as messages
from terraform_provider_ecgrid.callback.schema import CALLBACK_SCHEMA, OnDestroy
from terraform_provider_ecgrid.plugin.authoring import MoveContext, State

# Type → where its state may hold the id.
_PLACES = {
    "restapi_object": ("id", "api_data.callbackId", "output.callbackId"),
    "terraform_data": ("input.callback_id", "input.callbackId", "output.callback_id", "output.callbackId"),
}


def moved_from(ctx: MoveContext, source: State) -> State | None:
    """Return the state of the callback whose id the state of another type holds; None and an error without one."""
    places = _PLACES.get(ctx.source_type)
    if places is None:
        messages.error_not_movable(ctx.diagnostics, ctx.source_type, sorted(_PLACES))
        return None
    ids = {_id_of(_value_at(source, place)) for place in places} - {None}
    if len(ids) != 1:
        messages.error_no_id_to_move(ctx.diagnostics, ctx.source_type, places, several=bool(ids))
        return None
    (callback_id,) = ids
    ctx.identity = {"callback_id": callback_id}
    known = {"callback_id": callback_id, "id": str(callback_id), "on_destroy": OnDestroy.RETAIN.value}
    return dict.fromkeys(attribute.name for attribute in CALLBACK_SCHEMA.attributes) | known


def _value_at(value: Any, place: str) -> Any:
    for name in place.split("."):
        value = _object(value).get(name)
    return value


def _object(value: Any) -> dict[str, Any]:
    """Return an object that may be written as JSON text, or beside its type, as attributes of any type are stored."""
    if isinstance(value, dict) and value.keys() == {"value", "type"}:
        return _object(value["value"])
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _id_of(value: Any) -> int | None:
    # The values of `api_data` are as Go prints them: 1234567 is `1.234567e+06`.
    if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,10})?(e\+[0-9]{1,2})?", str(value), re.ASCII):
        return None
    number = Decimal(str(value))
    return int(number) if number == int(number) and 1 <= number <= MAX_ID else None
