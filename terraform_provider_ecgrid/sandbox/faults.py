"""What a test makes go wrong: failures of single calls, and readings of the API that differ from the documented one."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from terraform_provider_ecgrid.sandbox.errors import STATUS_OF

CALLS = frozenset(
    {
        "create",
        "update",
        "delete",
        "get-queue-by-id",
        "queue-list",
        "event-list",
        "get-event-by-id",
        "test",
        "version",
    }
)
"""The calls that a fault may name: the last part of the path, `delete` for `DELETE /v2/callbacks`."""


@dataclass
class Fault:
    """One thing that goes wrong; see `Faults.add` for its fields."""

    call: str
    times: int | None = 1
    status: int | None = None
    error_code: str | None = None
    message: str = "injected by the test"
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    delay: float = 0.0
    carried_out: bool = False
    transform: Callable[[Any], Any] | None = None

    @property
    def fails(self) -> bool:
        """Whether the route's own answer is replaced."""
        return self.drop or self.status is not None or self.error_code is not None or self.body is not None


class Faults:
    """The faults that wait for their call, and the switches that stay until `reset`.

    Switches: `hide_suspended` (no lookup shows a suspended callback), `queue_list_needs_mailbox` (queue-list without
    `mailboxId` is `AccessDenied`), `normalise_url` (answers end the URL's path with a slash; stored is what was sent),
    `echo_secrets` (create and update answer `username` and `password` as an older model of the vendor's does).
    """

    hide_suspended: bool
    queue_list_needs_mailbox: bool
    normalise_url: bool
    echo_secrets: bool

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

    def add(
        self,
        call: str,
        *,
        times: int | None = 1,
        status: int | None = None,
        error_code: str | None = None,
        message: str = "injected by the test",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        drop: bool = False,
        delay: float = 0.0,
        carried_out: bool = False,
        transform: Callable[[Any], Any] | None = None,
    ) -> None:
        """Let the next `times` requests of `call` (`"*"`: of any) go wrong; `times=None` is for ever.

        The fault that was added first is used first. `status` and `error_code` make an error envelope (each has the
        other's usual value as default); `body` is sent as it is instead (with 200 unless `status` says otherwise);
        `headers` are added; `drop` closes the connection without an answer. `carried_out` performs the call before it
        fails. `delay` holds the answer back, in seconds, after the call was carried out or not. `transform` gets a
        successful answer's `data` and returns the one to send. Raises `ValueError` for an unknown call or error code.
        """
        if call != "*" and call not in CALLS:
            raise ValueError(f"no call is named {call}")
        if error_code is not None and status is None and error_code not in STATUS_OF:
            raise ValueError(f"error code {error_code} has no usual status; give one")
        fault = Fault(
            call, times, status, error_code, message, body, headers or {}, drop, delay, carried_out, transform
        )
        with self._lock:
            self._waiting.append(fault)

    def take(self, call: str) -> Fault | None:
        """Return the fault for a request of `call`, counted as used, or None."""
        with self._lock:
            for fault in self._waiting:
                if fault.call not in ("*", call):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return fault
        return None
