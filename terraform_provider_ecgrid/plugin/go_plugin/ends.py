"""Why a plugin process should end, and who says so: a signal, Terraform's Shutdown, or the end of its parent.

Loaded before the handshake line, because signals are watched from the start. It imports nothing that `serve` does not.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping

# Nobody takes the answer of a call whose Terraform is gone; what is just being sent may still arrive. Both together
# are less than the two seconds within which nothing of a killed Terraform should be left.
_ORPHAN_SECONDS = 1.0
_PARENT_SECONDS = 0.25


class Ends:
    """Collects the reasons to end, from any thread; one thread waits for the first of them.

    A pipe, because the system may give a signal to any thread while Python runs its handler in the main thread alone:
    one that waits for a lock or a queue would not wake up. Into the pipe writes whichever thread got the signal.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        if sys.platform != "win32":
            os.set_blocking(self._writer, False)  # `set_wakeup_fd` demands it, elsewhere than on Windows
        self._reasons: list[str] = []
        self._ending: set[int] = set()
        self._heard: dict[int, Callable[[], None]] = {}

    def watch_signals(self, *ending: str, heard: Mapping[str, Callable[[], None]] | None = None) -> None:
        """Take some signals for a reason, and let others call a function, each by name.

        To be called in the main thread. `wait` calls what is `heard`, so nobody does between two waits. A signal that
        the system does not know, or that is ignored already as by `nohup`, is left alone.
        """
        for name in (*ending, *(heard or {})):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is None or signal.getsignal(number) is signal.SIG_IGN:
                continue
            signal.signal(number, lambda _number, _frame: None)
            if heard and name in heard:
                self._heard[number] = heard[name]
            else:
                self._ending.add(number)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)

    def watch_parent(self, parent: int) -> None:
        """Take the end of `parent`, this process's parent by its number, for a reason.

        A second later the process ends whatever it waits for. Does nothing on Windows, where a number outlives its
        process. Raises `RuntimeError` if the system has no thread for it.
        """
        if sys.platform != "win32":
            threading.Thread(target=self._wait_for_parent, args=(parent,), name="watch-parent", daemon=True).start()

    def put(self, reason: str) -> None:
        """Give a reason to end."""
        self._reasons.append(reason)
        os.write(self._writer, b"\0")

    def wait(self) -> str:
        """Wait for the first reason; the name of a signal is one."""
        while True:
            number = os.read(self._reader, 1)[0]
            if number in self._ending:
                return signal.Signals(number).name
            if number in self._heard:
                self._heard[number]()
            if not number:
                return self._reasons[0]

    def _wait_for_parent(self, parent: int) -> None:
        # A killed Terraform says no goodbye. Linux could signal its death, but that of the *thread* which started us,
        # and Go's threads come and go.
        wait = threading.Event().wait
        while os.getppid() == parent:
            wait(_PARENT_SECONDS)
        self.put("parent gone")
        wait(_ORPHAN_SECONDS)
        os._exit(1)
