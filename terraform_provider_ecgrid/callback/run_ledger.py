"""What one provider process has seen of the callbacks that Terraform manages.

Terraform plans a tainted object as if it were new, with neither its state nor its private state. That such a plan is
about to destroy the very callback that it names can only be known from what the same process read before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping


class Journal:
    """Remembers, for the life of the process, how the destruction of each managed callback would end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on_destroy: dict[int, str] = {}
        self._planned: set[int] = set()
        self._planned_unknown = False
        self._ended: set[int] = set()
        self._scoped: dict[tuple[str, str], dict[int, Mapping[str, int]]] = {}
        self._said: set[str] = set()
        self._left_out: dict[int, tuple[str, ...]] = {}

    def saw(self, callback_id: int, on_destroy: str | None) -> None:
        """Note that a state holds `callback_id` with this `on_destroy`."""
        with self._lock:
            self._on_destroy[callback_id] = on_destroy or ""

    def on_destroy(self, callback_id: int) -> str | None:
        """Return the `on_destroy` of the state that holds `callback_id`; None where no state was seen to hold it."""
        with self._lock:
            return self._on_destroy.get(callback_id)

    def saw_scope(self, callback_id: int, url: str, event: str, scope: Mapping[str, int]) -> None:
        """Note the scope, by attribute, that a state holds of a callback with this URL and event."""
        with self._lock:
            self._scoped.setdefault((url, event), {})[callback_id] = scope

    def scopes_of(self, url: str, event: str) -> Mapping[int, Mapping[str, int]]:
        """Return the scope of each callback of this URL and event that a state was seen to hold with one."""
        with self._lock:
            return dict(self._scoped.get((url, event), {}))

    def plans_unknown(self) -> frozenset[int]:
        """Note that a resource is planned to hold a callback that is not known yet; return those that the plan ends."""
        with self._lock:
            self._planned_unknown = True
            return frozenset(self._ended)

    @property
    def has_unknown(self) -> bool:
        """Whether a resource is planned to hold a callback that is not known yet."""
        with self._lock:
            return self._planned_unknown

    def plans(self, callback_id: int) -> bool:
        """Note that a resource is planned to hold `callback_id`, and say whether another one already is.

        Terraform plans a resource once a process, and once more where it is replaced: leave out that second call.
        """
        with self._lock:
            again = callback_id in self._planned
            self._planned.add(callback_id)
            return again

    def ends(self, callback_id: int) -> bool:
        """Note that the plan deletes or terminates `callback_id`, and say whether a resource is planned to hold it."""
        with self._lock:
            self._ended.add(callback_id)
            return callback_id in self._planned

    def is_ended(self, callback_id: int) -> bool:
        """Say whether the plan deletes or terminates `callback_id` at another address."""
        with self._lock:
            return callback_id in self._ended

    def first_time(self, saying: str) -> bool:
        """Say whether `saying` is new in this process, so that one warning does not come once a resource."""
        with self._lock:
            if saying in self._said:
                return False
            self._said.add(saying)
            return True

    def leaves_out(self, callback_id: int, why: Iterable[str]) -> None:
        """Note that the configuration generated for `callback_id` lacks values of it; `why` has a sentence each."""
        with self._lock:
            self._left_out[callback_id] = tuple(why)

    def take_left_out(self, callback_id: int) -> tuple[str, ...]:
        """Return, once, why configuration generated for `callback_id` lacks values; nothing where it lacks none."""
        with self._lock:
            return self._left_out.pop(callback_id, ())
