"""One pause for all threads: if a server asks one of them to wait (429), the others must not go on."""

import random
import threading
import time

SPREAD = 0.25
"""The part of a pause that is added to it at most, at random per thread, so that not all come back at once."""


class Pause:
    """Until when nothing is to be sent. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Make everything that is sent from now on wait for so many seconds. A longer pause that holds stays."""
        with self._lock:
            self._until = max(self._until, time.monotonic() + seconds)

    def wait(self, stop: threading.Event) -> bool:
        """Wait until no pause holds. Return whether a stop was asked for, which ends the wait at once."""
        waited_until = 0.0
        # Another thread may have made it longer meanwhile.
        while (until := self._deadline()) > waited_until:
            left = until - time.monotonic()
            if left > 0 and stop.wait(left + random.uniform(0, SPREAD * left)):  # noqa: S311 - guards nothing
                return True
            waited_until = until
        return False

    def _deadline(self) -> float:
        with self._lock:
            return self._until
