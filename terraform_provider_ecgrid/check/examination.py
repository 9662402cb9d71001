"""The order of the check: from the environment's variables to single callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import EcgridError, NotConnected
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.api.shapes import Shape
from terraform_provider_ecgrid.check import account, connection, environment, lookups
from terraform_provider_ecgrid.check.advice import failed
from terraform_provider_ecgrid.check.conclusion import Conclusion, seen_in
from terraform_provider_ecgrid.check.step import Outcome, Step


class Examination:
    """One check.

    Args:
        callback_ids: the callbacks to look for, each 1 to 2147483647.
        note_shape: gets the shape of each answer. If it is given, every lookup is asked at least once.
    """

    def __init__(self, callback_ids: Sequence[int], note_shape: Callable[[Shape], None] | None = None) -> None:
        self._callback_ids = tuple(dict.fromkeys(callback_ids))
        self._note_shape = note_shape
        self._until = ""
        self._model: LookupModel | None = None
        self._registrations: list[Registration] = []
        self._lists_refused = False
        self._lookups_refused = False

    def steps(self) -> Iterator[Step]:
        """Yield each step as it ends. The first that fails is the last, but every callback is looked for."""
        for step in self._steps():
            if step.outcome is Outcome.FAILED:
                self._until = self._until or step.until
            yield step

    def conclusion(self) -> Conclusion:
        """Return what the steps mean; call it when all have been taken."""
        if self._until:
            return Conclusion(self._until)
        drift, scope = seen_in(self._registrations, self._model, lists_refused=self._lists_refused)
        return Conclusion("", self._model, drift, scope, self._lists_refused, self._lookups_refused)

    def _steps(self) -> Iterator[Step]:
        session, step = environment.read_environment()
        yield step
        if step.outcome is Outcome.FAILED:
            return
        variable = environment.credential_variable()
        try:
            client, reads = session.client(), session.registrations
        except NotConnected as error:  # nothing was sent: it names a variable of the proxy or of the certificates
            yield environment.unusable_variable("connection", error.headline, {"error": type(error).__name__})
            return
        except EcgridError as error:
            yield failed("credential", error, variable)
            return
        if self._note_shape is not None:
            client.note_shapes(self._note_shape)
        yield connection.way(client)
        yield (step := account.reach(client, reads, variable))
        if step.outcome is Outcome.FAILED:
            return
        yield (step := account.whose(reads, variable))
        if step.outcome is Outcome.FAILED:
            return
        yield from self._lookups(reads, variable)

    def _lookups(self, reads: Registrations, variable: str) -> Iterator[Step]:
        step, listed = lookups.find_model(reads, variable)
        yield step
        if step.outcome is Outcome.FAILED:
            return
        self._registrations += listed
        self._lists_refused = step.outcome is Outcome.WARNING
        self._lookups_refused = bool(self._callback_ids)
        for callback_id in self._callback_ids:
            step, found = lookups.find_one(reads, callback_id, variable)
            yield step
            if found is not None and found.registration is not None:
                self._registrations.append(found.registration)
            self._lookups_refused = self._lookups_refused and found is not None and not found.usable
        self._model = reads.model
        if self._note_shape is not None:
            lookups.ask_all(reads, () if self._callback_ids else listed)
