"""The calls of a plugin: those of Terraform's protocol 6.10, which the provider answers, and go-plugin's own.

Requests and answers are bytes here; `provider_server` knows what they mean. Answers that never change may be prepared:
they are given without it and without the provider.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from terraform_provider_ecgrid.deferred import deferred
from terraform_provider_ecgrid.plugin.go_plugin.status import UNIMPLEMENTED, StatusError
from terraform_provider_ecgrid.plugin.protocol import PROVIDER

if TYPE_CHECKING:
    from tf.iface import Provider

    from terraform_provider_ecgrid.plugin.go_plugin.server import Alive

Unary = Callable[[bytes], bytes]
Streaming = Callable[[bytes, "Alive"], Iterator[bytes]]

PREPARED_ENDING = ".binpb"
"""The ending of a file with a prepared answer: a message of the protocol in its binary form."""

_SERVING = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse{status: SERVING}
_NOTHING = b""  # every message without fields
# Protobuf loads its implementation in Python (with text formats and pickle) whichever implementation it works with,
# and calendars (with locales) for times that nobody converts.
_UNUSED = ("google.protobuf.internal.python_message", "calendar")


class Calls(Protocol):
    """What answers the provider's calls, by path (`/tfplugin6.Provider/PlanResourceChange`)."""

    def unary(self) -> dict[str, Unary]:
        """One request, one answer."""

    def streaming(self) -> dict[str, Streaming]:
        """One request, many answers; the second argument tells whether the client is still there."""


CallsFor = Callable[["Provider", threading.Event], Calls]


def provider_calls(provider: Provider, stop: threading.Event) -> Calls:
    """Answer with this package's `ProviderServer`, loaded when first needed."""
    from terraform_provider_ecgrid.plugin.calls.dispatch import (
        ProviderServer,  # late: protobuf and the messages, which the handshake does not need
    )

    return ProviderServer(provider, stop)


def prepared_answers(folder: str) -> dict[str, bytes]:
    """Read the answers that `folder` holds, by path of the call; a file has its call's name, and `PREPARED_ENDING`.

    What is not there, or cannot be read, is left to the provider, which gives the same answer later.
    """
    found: dict[str, bytes] = {}
    with suppress(OSError), os.scandir(folder) as files:
        for file in files:
            name, ending = os.path.splitext(file.name)
            if ending == PREPARED_ENDING:
                with suppress(OSError), open(file.path, "rb") as answer:
                    found[PROVIDER + name] = answer.read()
    return found


class Loader:
    """Loads the provider once, in whichever thread asks first; the others wait for it.

    A failed attempt is not remembered: every call repeats it, and so every call can say why.
    """

    def __init__(self, load_provider: Callable[[], Provider], calls_for: CallsFor, stop: threading.Event) -> None:
        self._load_provider = load_provider
        self._calls_for = calls_for
        self._stop = stop
        self._lock = threading.Lock()
        self._loaded: tuple[dict[str, Unary], dict[str, Streaming]] | None = None

    def get(self) -> tuple[dict[str, Unary], dict[str, Streaming]]:
        """Return the unary and the streaming calls. Raises whatever loading the provider raises."""
        with self._lock:
            if self._loaded is None:
                try:
                    with deferred(*_UNUSED):
                        calls = self._calls_for(self._load_provider(), self._stop)
                        self._loaded = calls.unary(), calls.streaming()
                finally:
                    # What was made until now lives until the end; `serve` keeps the collector off meanwhile.
                    gc.freeze()
                    gc.enable()
            return self._loaded

    def load(self) -> None:
        """Load the provider ahead of the first call, which says so if that fails."""
        with suppress(Exception):
            self.get()


class PluginCalls:
    """Answers a call by its path.

    `stop` is set by StopProvider, `shutdown` is called by GRPCController's Shutdown; `prepared` holds whole answers by
    path. With `many_runs` one process serves one Terraform after another (a debugger's), and the next one's
    ConfigureProvider takes the stop back.
    """

    def __init__(
        self,
        loader: Loader,
        stop: threading.Event,
        shutdown: Callable[[], None],
        *,
        prepared: Mapping[str, bytes],
        many_runs: bool = False,
    ) -> None:
        self._loader = loader
        self._stop = stop
        self._shutdown = shutdown
        self._prepared = prepared
        self._many_runs = many_runs
        self._own: dict[str, Callable[[], bytes | Iterator[bytes]]] = {
            PROVIDER + "StopProvider": self._stop_provider,
            "/plugin.GRPCController/Shutdown": self._shut_down,
            # go-plugin takes a stream's end for "nothing to say".
            "/plugin.GRPCStdio/StreamStdio": lambda: iter(()),
            "/plugin.GRPCBroker/StartStream": lambda: iter(()),
            "/grpc.health.v1.Health/Check": lambda: _SERVING,
        }

    def answer(self, path: str, request: bytes, alive: Alive) -> bytes | Iterator[bytes]:
        """Answer one call. Raises `StatusError` where there is none of that path, and whatever loading the provider or
        answering with it raises.
        """
        if path in self._prepared:
            return self._prepared[path]
        if path in self._own:
            return self._own[path]()
        unary, streaming = self._loader.get() if path.startswith(PROVIDER) else ({}, {})
        if path in streaming:
            return streaming[path](request, alive)
        if path not in unary:
            raise StatusError(UNIMPLEMENTED, f"This provider does not know the call {path}.")
        if self._many_runs and path == PROVIDER + "ConfigureProvider":
            self._stop.clear()
        return unary[path](request)

    def _stop_provider(self) -> bytes:
        # Finish what is in flight, start no new waits: a create that was cut off could leave a resource behind that
        # no state knows of.
        self._stop.set()
        return _NOTHING

    def _shut_down(self) -> bytes:
        self._shutdown()
        return _NOTHING
