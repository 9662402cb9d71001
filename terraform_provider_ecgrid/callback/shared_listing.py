"""One queue-list for all imports of a process: only it shows a callback's mailbox, and a thousand imports need one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.registrations import Listing


class SharedListing:
    """Lists the account when it is first asked for, while others wait for it, and keeps the answer.

    Good for what cannot change, as a callback's mailbox; never for whether a callback still exists.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listing: Listing | None = None

    def get(self, ask: Callable[[], Listing | None]) -> Listing | None:
        """Return the listing, by `ask` where there is none yet; None where ECGrid refuses to list."""
        with self._lock:
            if self._listing is None:
                self._listing = ask()
            return self._listing
