"""One pause for all threads: what asked one of them to wait (429) would meet the requests of the others as a storm."""

import random
import threading
import time

SPREAD = 0.25
"""Of a pause, added at random to each thread's, so that they do not all come back in the same moment."""


class Pause:
    """Until when nothing is to be sent. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Let everything that is sent from now on wait for so many seconds; a longer pause that holds stays."""
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
