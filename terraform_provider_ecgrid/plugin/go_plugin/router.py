"""Who answers a call: the provider those of Terraform's protocol 6.10, this module go-plugin's own.

Messages are bytes here; `plugin.calls` knows what they mean. Answers that never change may be prepared: they are given
without it and without the provider.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL, UNIMPLEMENTED, StatusError
from terraform_provider_ecgrid.plugin.protocol import PROVIDER

if TYPE_CHECKING:
    from terraform_provider_ecgrid.plugin.go_plugin.server import Alive

Unary = Callable[[bytes], bytes]
Streaming = Callable[[bytes, "Alive"], Iterator[bytes]]

PREPARED_ENDING = ".binpb"
"""The ending of a file with a prepared answer: a message of the protocol in its binary form."""

_SERVING = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse{status: SERVING}
_NOTHING = b""  # every message without fields
_BROKER = "/plugin.GRPCBroker/StartStream"


class Handlers(Protocol):
    """What answers the provider's calls, by path (`/tfplugin6.Provider/PlanResourceChange`)."""

    def unary(self) -> dict[str, Unary]:
        """One request, one answer."""

    def streaming(self) -> dict[str, Streaming]:
        """One request, many answers; the second argument tells whether the client is still there."""


def prepared_answers(folder: str) -> dict[str, bytes]:
    """Read the answers that `folder` holds, by path of the call; a file has its call's name, and `PREPARED_ENDING`.

    What is missing, or cannot be read, is left to the provider, which gives the same answer later.
    """
    found: dict[str, bytes] = {}
    with suppress(OSError), os.scandir(folder) as files:
        for file in files:
            name, ending = os.path.splitext(file.name)
            if ending == PREPARED_ENDING:
                with suppress(OSError), open(file.path, "rb") as answer:
                    found[PROVIDER + name] = answer.read()
    return found


class Router:
    """Answers each call by its path. Threads may share it.

    `load` imports the provider and returns its handlers; it is called when a call first needs them. `stop` is the event
    that StopProvider sets; with `many_runs` ConfigureProvider clears it, because a process that serves many runs
    outlives the one that was stopped. GRPCController's Shutdown calls `shut_down`. `prepared` holds whole answers by
    path.
    """

    def __init__(
        self,
        load: Callable[[], Handlers],
        stop: threading.Event,
        shut_down: Callable[[], None],
        *,
        prepared: Mapping[str, bytes],
        many_runs: bool = False,
    ) -> None:
        self._load = load
        self._stop = stop
        self._shut_down = shut_down
        self._prepared = prepared
        self._many_runs = many_runs
        self._lock = threading.Lock()
        self._loaded: tuple[dict[str, Unary], dict[str, Streaming]] | None = None
        self._own: dict[str, Callable[[], bytes | Iterator[bytes]]] = {
            PROVIDER + "StopProvider": self._stop_provider,
            "/plugin.GRPCController/Shutdown": self._shutdown,
            # go-plugin takes a stream's end for "nothing to say".
            "/plugin.GRPCStdio/StreamStdio": lambda: iter(()),
            _BROKER: lambda: iter(()),
            "/grpc.health.v1.Health/Check": lambda: _SERVING,
        }

    def respond(self, path: str, message: bytes | None, alive: Alive) -> bytes | Iterator[bytes]:
        """Answer one call.

        Raises `StatusError` if the path is unknown or the call has no message, and whatever loading the provider or
        answering with it raises.
        """
        if message is None and path != _BROKER:  # whose client streams, maybe nothing
            raise StatusError(INTERNAL, "The call has no message.")
        if path in self._prepared:
            return self._prepared[path]
        if path in self._own:
            return self._own[path]()
        unary, streaming = self._handlers() if path.startswith(PROVIDER) else ({}, {})
        if path in streaming:
            return streaming[path](message or _NOTHING, alive)
        if path not in unary:
            raise StatusError(UNIMPLEMENTED, f"This provider does not support the call {path}.")
        if self._many_runs and path == PROVIDER + "ConfigureProvider":
            self._stop.clear()
        return unary[path](message or _NOTHING)

    def ask_to_finish(self) -> None:
        """Ask the calls that wait for something to finish soon."""
        self._stop.set()

    def preload(self) -> None:
        """Load the provider ahead of the first call, which says so if that fails."""
        with suppress(Exception):
            self._handlers()

    def _handlers(self) -> tuple[dict[str, Unary], dict[str, Streaming]]:
        """Load the provider once, in whichever thread asks first; the others wait for it.

        A failed attempt is not remembered: every call repeats it, and so every call can say why.
        """
        with self._lock:
            if self._loaded is None:
                handlers = self._load()
                self._loaded = handlers.unary(), handlers.streaming()
            return self._loaded

    def _stop_provider(self) -> bytes:
        # Finish what is in flight, start no new waits: a create that was cut off could leave a resource behind that
        # no state knows of.
        self._stop.set()
        return _NOTHING

    def _shutdown(self) -> bytes:
        self._shut_down()
        return _NOTHING
