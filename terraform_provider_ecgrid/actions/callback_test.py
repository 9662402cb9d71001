"""`action "ecgrid_callback_test"`: a test delivery to an endpoint, which fails unless it is answered by 200."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from tf.schema import Attribute, Schema
from tf.types import Number
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.access import Access
from terraform_provider_ecgrid.callback.validators import MAX_ID, refuse_number
from terraform_provider_ecgrid.plugin.authoring import Action, ActionContext, Config

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import DeliveryTest

# How long Terraform waits for a sign of life, and how soon a stop is noticed.
_PROGRESS_SECONDS = 10.0
_LOOK_SECONDS = 0.1


class CallbackTestAction(Action):
    """The action `ecgrid_callback_test` (ECGrid's page "Test Callback", REST v2.6)."""

    def __init__(self, provider: Access) -> None:
        self._provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callback_test"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the `config` block."""
        return Schema(
            description=(
                "Asks ECGrid for a test delivery to a callback's endpoint and shows what it answered (Terraform 1.14 "
                "and newer). ECGrid counts only 200 as delivered: anything else fails the action."
            ),
            attributes=[
                Attribute(
                    "callback_id",
                    Number(),
                    required=True,
                    description=f"The callback's id (`callbackId`), a whole number from 1 to {MAX_ID}.",
                )
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse an id that ECGrid cannot have given."""
        refuse_number(diags, config, "callback_id", 1, required=True)

    def plan(self, ctx: ActionContext, config: Config) -> None:
        """Refuse such an id where it was not known before: Terraform does not validate a second time."""
        self.validate(ctx.diagnostics, "", config)

    def invoke(self, ctx: ActionContext, config: Config) -> Iterator[str]:
        """Ask for the delivery, show progress while the endpoint is awaited, and judge the answer."""
        from terraform_provider_ecgrid.api.errors import EcgridError
        from terraform_provider_ecgrid.callback.failures import add_failure

        self.plan(ctx, config)
        if ctx.diagnostics.has_errors():
            return
        callback_id = int(config["callback_id"])
        yield f"Asking ECGrid for a test delivery of callback {callback_id}"
        try:
            test = yield from self._awaited(ctx, callback_id)
        except EcgridError as error:
            unasked = f"Callback {callback_id} cannot be tested."
            add_failure(ctx.diagnostics, f"Callback {callback_id} not tested", error, unasked=unasked)
        else:
            if test is not None:
                yield from _judged(ctx, test)

    def _awaited(self, ctx: ActionContext, callback_id: int) -> Generator[str, None, DeliveryTest | None]:
        # A thread of its own, left to itself after a stop: there is no state that its answer could be missing from.
        answers: queue.SimpleQueue[DeliveryTest | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._ask, args=(callback_id, answers), daemon=True).start()
        waited = 0.0
        while True:
            try:
                answer = answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                waited += _LOOK_SECONDS
            else:
                if isinstance(answer, Exception):
                    raise answer
                return answer
            if ctx.stop.is_set() or not ctx.alive():
                ctx.diagnostics.add_error(
                    "Test delivery abandoned",
                    f"Terraform was asked to stop while the test delivery of callback {callback_id} was awaited. "
                    "ECGrid may still deliver it, and nothing else was changed. Invoke the action again.",
                )
                return None
            if waited >= _PROGRESS_SECONDS:
                waited = 0.0
                yield f"Still waiting for the endpoint of callback {callback_id}"

    def _ask(self, callback_id: int, answers: queue.SimpleQueue[DeliveryTest | Exception]) -> None:
        try:
            answers.put(self._provider.client().test(callback_id))
        except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
            answers.put(error)


def _judged(ctx: ActionContext, test: DeliveryTest) -> Iterator[str]:
    from terraform_provider_ecgrid.callback.delivery_test import DELIVERED, outcome
    from terraform_provider_ecgrid.callback.urls import origin_of

    host = origin_of(test.url) if test.url else "its endpoint"
    if test.http_status == DELIVERED:
        yield f"Callback {test.callback_id}: {host} answered HTTP {DELIVERED}"
        return
    ctx.diagnostics.add_error(
        "Test delivery failed",
        f"The test delivery of callback {test.callback_id} to {host} was not answered by {DELIVERED}: "
        f"{outcome(test.http_status)}. Look at the endpoint, its certificate and the credentials, and invoke the "
        "action again.",
    )
