"""What a plugin process does after its handshake line: it answers calls, and loads the provider when one needs it."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.plugin.go_plugin.deferred import deferred
from terraform_provider_ecgrid.plugin.go_plugin.router import Handlers, Router, prepared_answers
from terraform_provider_ecgrid.plugin.go_plugin.server import Server
from terraform_provider_ecgrid.plugin.go_plugin.tls import server_context

if TYPE_CHECKING:
    from ssl import SSLContext

    from tf.iface import Provider

    from terraform_provider_ecgrid.plugin.go_plugin.listener import Endpoint

__all__ = ["load", "log_end", "server_context", "start"]

# Protobuf loads its implementation in Python (with text formats and pickle) whichever implementation it works with,
# and calendars (with locales) for times that nobody converts: 6 of 89 ms of CPU.
_UNUSED = ("google.protobuf.internal.python_message", "calendar")

# Far above Python's default: reference counting frees the objects of a call, and what the first call loads is kept, so
# an early garbage collection finds nothing.
_OBJECTS_UNTIL_COLLECTION = 50_000


def start(
    endpoint: Endpoint,
    context: SSLContext | None,
    load_provider: Callable[[], Provider],
    stop: threading.Event,
    shut_down: Callable[[], None],
    *,
    prepared: str | None,
    quiet: Collection[str],
) -> Server:
    """Begin to answer the calls that arrive at `endpoint`.

    The other arguments are those of `serve`, `Server` and `Router`. Raises `RuntimeError` if the system has no thread
    for it.
    """
    answers = {} if prepared is None else prepared_answers(prepared)
    router = Router(partial(load, load_provider, stop, quiet), stop, shut_down, prepared=answers)
    server = Server(endpoint, context, lambda: router)
    server.start()
    if not answers:
        # Terraform is connecting meanwhile; its first call waits for whatever is not loaded by then. If answers are
        # prepared the first call tells whether anything has to be loaded, and to have begun earlier costs more than
        # it saves.
        threading.Thread(target=router.preload, name="load-provider", daemon=True).start()
    return server


def load(load_provider: Callable[[], Provider], stop: threading.Event, quiet: Collection[str]) -> Handlers:
    """Load the provider and what answers its calls. Raises whatever `load_provider` raises."""
    try:
        with deferred(*_UNUSED):
            # Late: a process that is asked for prepared answers alone needs none of it, least of all protobuf.
            from terraform_provider_ecgrid.plugin.calls.dispatch import CallTable
            from terraform_provider_ecgrid.plugin.logging import stderr

            # First, because what `logging` does by itself would show the text of an exception.
            stderr.install(quiet=quiet)
            return CallTable(load_provider(), stop)
    finally:
        # What was made until now lives until the end; `serve` keeps the collector off meanwhile.
        gc.freeze()
        gc.set_threshold(_OBJECTS_UNTIL_COLLECTION)
        gc.enable()


def log_end(reason: str) -> None:
    """Log why the process ends."""
    logging.getLogger(__name__).debug("ending", extra={"reason": reason})
