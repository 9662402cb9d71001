"""What all steps mean: what the provider will be able to see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.callback.phrases import listed

_ANSWERED = ("url", "event", "status", "http_auth_type")
_SCOPE = {
    LookupModel.QUEUE: ("mailbox_id",),
    LookupModel.EVENT: ("mailbox_id", "network_id"),
}
_WHOLE_SCOPE = ("mailbox_id", "network_id")


@dataclass(frozen=True)
class Conclusion:
    """What the provider will be able to do.

    Attributes:
        until: the end of the sentence "The provider will not work …"; empty if it will.
        model: the model that the lookups follow, None if that is not known.
        drift: the attributes whose drift a plan shows.
        scope: the attributes of the scope that an import reads.
        lists_refused: whether ECGrid refuses to list callbacks to this credential.
        lookups_refused: whether it refuses every lookup of the callbacks that were asked for.
    """

    until: str = ""
    model: LookupModel | None = None
    drift: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    lists_refused: bool = False
    lookups_refused: bool = False

    @property
    def works(self) -> bool:
        """Whether the provider will work at all."""
        return not self.until

    @property
    def authentication_type(self) -> bool:
        """Whether the authentication type is shown."""
        return "http_auth_type" in self.drift

    @property
    def text(self) -> str:
        """What a person reads: a few short sentences."""
        if not self.works:
            return f"The provider will not work {self.until}."
        if self.model is not None:
            read = (
                f"An import reads {_scope(self.scope)}."
                if self.scope
                else "An import reads neither mailbox_id nor network_id."
            )
            return f"The provider will work. {_drift(self.drift)} {read}"
        if self.lookups_refused and self.lists_refused:
            return (
                "The provider will work, but ECGrid does not let it read callbacks. It will not see drift, scope or "
                'authentication type, and "No changes" will only mean that the configuration matches the state.'
            )
        if self.lists_refused:
            return (
                "The provider will work, but ECGrid does not list callbacks for this credential. Run `check --callback "
                "ID` to find out whether the provider will see drift, scope and authentication type."
            )
        return (
            "The provider will work. ECGrid shows no callback yet, so it is not known whether the provider will see "
            "drift, scope and authentication type."
        )


def seen_in(
    registrations: Iterable[Registration], model: LookupModel | None, *, lists_refused: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the attributes whose drift these registrations show, and those of the scope that an import reads.

    Model Q shows the mailbox in its list alone.
    """
    shown = list(registrations)
    drift = tuple(name for name in _ANSWERED if any(getattr(one, name) is not None for one in shown))
    if model is None or (model is LookupModel.QUEUE and lists_refused):
        return drift, ()
    return drift, _SCOPE[model]


def _drift(seen: Sequence[str]) -> str:
    unseen = [name for name in _ANSWERED if name not in seen]
    can = f"A plan shows when somebody else changed {listed(seen, 'or')}." if seen else ""
    cannot = f"{'It' if seen else 'A plan'} cannot show a change of {listed(unseen, 'or')}." if unseen else ""
    return f"{can} {cannot}".strip()


def _scope(seen: Sequence[str]) -> str:
    unseen = [name for name in _WHOLE_SCOPE if name not in seen]
    return listed(seen) + (f", but not {listed(unseen)}" if unseen else "")
