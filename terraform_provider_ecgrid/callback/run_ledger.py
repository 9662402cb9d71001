"""What one run of Terraform has seen of the callbacks that it manages.

A plan names no resource, and Terraform plans a tainted object as if it were new, with neither its state nor its
private state. What happens to one callback at two addresses can only be known from what the same process saw before.
What is named `note_…` writes; the rest only answers.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

from terraform_provider_ecgrid.callback.schema import STOPPING


class RunLedger:
    """Remembers callbacks by id for one run. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on_destroy: dict[int, str] = {}
        self._held: Counter[int] = Counter()
        self._takes_over_unknown = False
        self._lost: set[int] = set()
        self._warned: set[str] = set()
        self._unusable: dict[int, tuple[str, ...]] = {}

    def note_state(self, callback_id: int, on_destroy: str | None) -> None:
        """Note that a state holds `callback_id` with this `on_destroy`; of several states, one that ends it counts."""
        with self._lock:
            if self._on_destroy.get(callback_id) not in STOPPING:
                self._on_destroy[callback_id] = on_destroy or ""

    def note_held(self, callback_id: int) -> bool:
        """Note that a resource is planned to hold `callback_id`; return whether another one was noted before.

        Terraform plans a resource once per run, and a replaced one twice: do not note the second of its plans.
        """
        with self._lock:
            self._held[callback_id] += 1
            return self._held[callback_id] > 1

    def note_released(self, callback_id: int) -> None:
        """Note that a resource that was planned to hold `callback_id` is replaced by a new callback instead."""
        with self._lock:
            self._held[callback_id] -= 1

    def note_unknown(self) -> None:
        """Note that a resource is planned to take over a callback whose id is not known yet."""
        with self._lock:
            self._takes_over_unknown = True

    def note_lost(self, callback_id: int) -> None:
        """Note that the plan deletes, suspends or terminates `callback_id` at one address."""
        with self._lock:
            self._lost.add(callback_id)

    def note_warned(self, warning: str) -> bool:
        """Note a warning that is given once per run; return whether it was noted before."""
        with self._lock:
            again = warning in self._warned
            self._warned.add(warning)
            return again

    def note_unusable(self, callback_id: int, problems: Iterable[str]) -> None:
        """Note why configuration generated for `callback_id` lacks values, one sentence per value."""
        with self._lock:
            self._unusable[callback_id] = tuple(problems)

    def on_destroy_of(self, callback_id: int) -> str | None:
        """Return the `on_destroy` of the state that holds `callback_id`; None if no state was seen to hold it."""
        return self._on_destroy.get(callback_id)

    def is_held(self, callback_id: int) -> bool:
        """Say whether a resource is planned to hold `callback_id`."""
        return self._held[callback_id] > 0

    def takes_over_unknown(self) -> bool:
        """Say whether a resource is planned to take over a callback whose id is not known yet."""
        return self._takes_over_unknown

    def lost(self) -> frozenset[int]:
        """Return the callbacks that the plan deletes, suspends or terminates at one address."""
        with self._lock:
            return frozenset(self._lost)

    def is_lost(self, callback_id: int) -> bool:
        """Say whether the plan deletes, suspends or terminates `callback_id` at one address."""
        return callback_id in self._lost

    def unusable_of(self, callback_id: int) -> tuple[str, ...]:
        """Return why configuration generated for `callback_id` lacks values; nothing if it lacks none."""
        return self._unusable.get(callback_id, ())
