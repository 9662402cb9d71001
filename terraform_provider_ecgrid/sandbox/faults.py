"""The failures that the sandbox causes on request, and switches for answers that differ from the documented ones."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from terraform_provider_ecgrid.sandbox.errors import STATUS_OF

LOOKUP_CALLS = frozenset({"get-queue-by-id", "queue-list", "event-list", "get-event-by-id"})
"""The calls that the vendor describes in two ways."""

CALLS = LOOKUP_CALLS | {
    "create", "update", "delete", "test", "version", "me", "mailbox", "mailbox-list", "network",
}  # fmt: skip
"""The calls that a fault may name.

The last part of the path, but `delete` for `DELETE /v2/callbacks`, `mailbox` and `network` for one of these, and
`mailbox-list` for `/v2/mailboxes/list`.
"""


@dataclass
class Fault:
    """One failure; see `Faults.add` for its fields. `rule` is the `--fault` rule that it comes from, else empty."""

    call: str
    times: int | None = 1
    first: int | None = None
    probability: float | None = None
    seed: int | None = None
    status: int | None = None
    error_code: str | None = None
    message: str = "A fault of the test caused this error."
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    reset: bool = False
    truncate: bool = False
    echo: bool = False
    delay: float = 0.0
    carried_out: bool = False
    transform: Callable[[Any], Any] | None = None
    rewrite: Callable[[Any], Any] | None = None
    when: Callable[[Mapping[str, Any]], bool] | None = None
    rule: str = ""

    def __post_init__(self) -> None:
        if self.call != "*" and self.call not in CALLS:
            raise ValueError(f"no call is named {self.call}")
        if self.error_code is not None and self.status is None and self.error_code not in STATUS_OF:
            raise ValueError(f"the error code {self.error_code} has no usual status; add one")
        if self.first is not None and self.first < 1:
            raise ValueError(f"requests are counted from 1, so first cannot be {self.first}")
        if self.probability is not None and not 0 < self.probability <= 1:
            raise ValueError(f"a probability must be above 0 and at most 1; {self.probability} is not")
        self._dice = random.Random(self.seed)  # noqa: S311 - it keeps no secret, and it must be able to repeat itself
        self._seen = 0
        self._used = 0

    @property
    def fails(self) -> bool:
        """Whether the route's own answer is replaced."""
        given = (self.status, self.error_code, self.body)
        return self.drop or self.reset or self.echo or any(one is not None for one in given)

    @property
    def spent(self) -> bool:
        """Whether no later request can be hit."""
        if self.times is None:
            return False
        return self._used >= self.times if self.first is None else self._seen >= self.first + self.times - 1

    def concerns(self, call: str, fields: Mapping[str, Any]) -> bool:
        """Return whether a request of `call` with these `fields` is one to be counted."""
        return self.call in ("*", call) and (self.when is None or self.when(fields))

    def meets(self) -> bool:
        """Count a request of its call, and return whether it fails."""
        self._seen += 1
        # Drawn for every request, so that a seed selects the same ones whatever the other faults do.
        hit = self.probability is None or self._dice.random() < self.probability
        return hit and (self.first is None or self._seen >= self.first)

    def use(self) -> None:
        """Count a request that failed."""
        self._used += 1


class Faults:
    """The faults that wait for their call, and the switches that stay until `reset`.

    Switches: `hide_suspended` (no lookup shows a suspended callback), `queue_list_needs_mailbox` (queue-list without
    `mailboxId` is `AccessDenied`), `normalise_url` (answers end the URL's path with a slash; stored is what was sent),
    `echo_secrets` (create and update answer `username` and `password` as an older model of the vendor's does),
    `test_at_once` (if the lookups show `events`, the call test answers as it does otherwise: after the delivery).
    """

    hide_suspended: bool
    queue_list_needs_mailbox: bool
    normalise_url: bool
    echo_secrets: bool
    test_at_once: bool

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self.reset()

    def reset(self) -> None:
        """Forget every fault and turn every switch off."""
        with self._lock:
            self._waiting.clear()
        self.hide_suspended = False
        self.queue_list_needs_mailbox = False
        self.normalise_url = False
        self.echo_secrets = False
        self.test_at_once = False

    def add(
        self,
        call: str,
        *,
        times: int | None = 1,
        first: int | None = None,
        probability: float | None = None,
        seed: int | None = None,
        status: int | None = None,
        error_code: str | None = None,
        message: str = "A fault of the test caused this error.",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        drop: bool = False,
        reset: bool = False,
        truncate: bool = False,
        echo: bool = False,
        delay: float = 0.0,
        carried_out: bool = False,
        transform: Callable[[Any], Any] | None = None,
        rewrite: Callable[[Any], Any] | None = None,
        when: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> None:
        """Let the next `times` requests of `call` (`"*"`: of any) fail; `times=None` means all of them.

        Which ones: with `first` the requests from the `first`th on, counted from 1 and from now, whether or not another
        fault answers some of them. With `probability`, above 0 and at most 1, each request of these is hit or not;
        the same `seed` hits the same ones again. With `when`, only those for whose fields (of the query and of the JSON
        body) it returns true; others are not counted. Of several faults that fit, the one that was added first is used.

        What: `status` and `error_code` make an error envelope (each has the other's usual value as default); `echo`
        makes one, with 400 unless they say otherwise, whose message quotes the request, every header and its body;
        `body` is sent as it is instead (with 200 unless `status` says otherwise). `headers` are added, in place of
        those of the same name. `drop` closes the connection without an answer, `reset` resets it (TCP RST), `truncate`
        announces the whole answer, sends half of its body and closes the connection. `carried_out` performs the call
        before it fails. `delay` holds the answer back, in seconds, after the call was carried out or not. `transform`
        gets a successful answer's `data` and returns the one to send; `rewrite` does so with the whole answer.

        Raises `ValueError` for an unknown call or error code, a `first` below 1 and a `probability` out of its range.
        """
        self.put(
            Fault(
                call, times, first, probability, seed, status, error_code, message, body, headers or {},
                drop, reset, truncate, echo, delay, carried_out, transform, rewrite, when,
            )
        )  # fmt: skip

    def put(self, fault: Fault) -> None:
        """Let requests fail as `fault` says."""
        with self._lock:
            self._waiting.append(fault)

    def take(self, call: str, fields: Mapping[str, Any] | None = None) -> Fault | None:
        """Return the fault for a request of `call` with these `fields`, counted as used, or None."""
        taken = None
        with self._lock:
            for fault in [fault for fault in self._waiting if fault.concerns(call, fields or {})]:
                if fault.meets() and taken is None:
                    taken = fault
                    fault.use()
                if fault.spent:
                    self._waiting.remove(fault)
        return taken
