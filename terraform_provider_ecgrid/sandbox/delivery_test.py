"""The call `test`: a real POST to the registered endpoint, at once or a moment later."""

import contextlib
import sqlite3
import threading

from fastapi import APIRouter

from terraform_provider_ecgrid.sandbox.bodies import CallbackIdBody
from terraform_provider_ecgrid.sandbox.deliver import Outcome, deliver
from terraform_provider_ecgrid.sandbox.errors import ApiError, success
from terraform_provider_ecgrid.sandbox.event_records import delivery
from terraform_provider_ecgrid.sandbox.routing import Answer, NetworkAdmin, TheWorld, registered, shown
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

router = APIRouter(prefix="/v2/callbacks")


@router.post("/test")
def test(body: CallbackIdBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """POST to the registered endpoint and answer what it said; with `events`, answer what was queued and POST then."""
    with world.store.exclusive():
        callback = registered(world, body.callback_id)
        if callback["status"] == "Terminated":
            raise ApiError("InvalidParameter", f"Callback {body.callback_id} is Terminated, so it cannot be tested.")
        event_id = world.store.fire(body.callback_id, delivered=False, test=True)
        queued = world.store.delivery(event_id)
    if world.lookups == "events" and not world.faults.test_at_once:
        threading.Thread(target=_attempt, args=(world, callback, queued), daemon=True).start()
        return success(delivery(world, queued, callback))
    outcome = _attempt(world, callback, queued)
    answer = {
        "callbackId": body.callback_id,
        "url": callback["url"],
        "httpStatus": outcome.http_status,
        "responseBody": outcome.body,
        "testedAt": queued["created"],
    }
    return success(shown(world, answer))


def _attempt(world: World, callback: Record, queued: Record) -> Outcome:
    outcome = deliver(
        callback["url"],
        queued["payload"],
        auth_type=callback["httpAuthType"],
        username=callback["username"],
        password=callback["password"],
    )
    # The sandbox may have ended while the endpoint took its time.
    with contextlib.suppress(sqlite3.ProgrammingError):
        world.store.settle(queued["callbackEventId"], outcome.http_status, outcome.body)
    return outcome
