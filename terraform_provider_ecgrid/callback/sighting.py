"""What can be seen of a callback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import QueueEntry


@dataclass(frozen=True)
class Sighting:
    """What the lookups say of one callback.

    `entry` is what they show (None: nothing), `deliveries` says that they list deliveries instead of registrations,
    `absent` that get-queue-by-id answered 404 and a queue-list that was answered in full lacks it.
    """

    entry: QueueEntry | None
    deliveries: bool = False
    absent: bool = False
