"""What a rule is given, what it gives, and how a table of rules is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Config, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.private_state import Replaced


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong: the attribute to blame, if one is, a short noun phrase, what is wrong and its fix."""

    attribute: str | None
    summary: str
    detail: str


@dataclass(frozen=True)
class Asked:
    """What is asked for, as far as a table needs it.

    Attributes:
        config: the configuration.
        planned: the planned values.
        changes: what would be sent: by an update, or, if there is no `prior`, by a registration or take-over.
        certain: what of `changes` would be sent whatever becomes of the values that are unknown yet.
        prior: the state that is updated; None if a callback is registered or taken over, by a replacement too.
        write_only: whether Terraform can carry write-only values.
        callback_id: the callback that the state holds or a take-over names; None for a new one.
        status: the status that this callback is known to have.
        replaced: what a replacement would destroy; None if nothing is replaced.
        on_destroy_seen: the `on_destroy` of a state that holds the configured `callback_id`, if one was seen.
        lost: the callback that this plan deletes, suspends or terminates at one address while another one holds it.
        lost_if_unknown: whether that one only may hold it, because its `callback_id` is not known yet.
    """

    config: Config
    planned: State
    changes: dict[str, Any] = field(default_factory=dict)
    certain: dict[str, Any] = field(default_factory=dict)
    prior: State | None = None
    write_only: bool = True
    callback_id: int | None = None
    status: str | None = None
    replaced: Replaced | None = None
    on_destroy_seen: str | None = None
    lost: int | None = None
    lost_if_unknown: bool = False

    @property
    def registers(self) -> bool:
        """Say whether a new callback is registered."""
        return self.prior is None and self.config["callback_id"] is None


Rule: TypeAlias = Callable[[Asked], Iterator[Refusal]]


def check(diags: Diagnostics, table: tuple[Rule, ...], asked: Asked) -> None:
    """Add an error for everything that a table refuses."""
    for rule in table:
        for refusal in rule(asked):
            path = [refusal.attribute] if refusal.attribute else None
            diags.add_error(refusal.summary, refusal.detail, path=path)
