"""The calls of a plugin: those of Terraform's protocol 6.10, which the provider answers, and go-plugin's own.

Requests and answers are bytes here; `provider_server` knows what they mean. Answers that never change may be prepared:
they are given without it and without the provider.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol

from terraform_provider_ecgrid.deferred import deferred

from .connection import INTERNAL, UNIMPLEMENTED
from .grpc_server import Handler, StatusError
from .protocol import PROVIDER

if TYPE_CHECKING:
    from tf.iface import Provider

Unary = Callable[[bytes], bytes]
Streaming = Callable[[bytes, Callable[[], bool]], Iterator[bytes]]

PREPARED_ENDING = ".binpb"
"""The ending of a file with a prepared answer: a message of the protocol in its binary form."""

# Which calls answer with a stream is part of the protocol, and is needed before the provider is loaded.
_STREAMED = frozenset(PROVIDER + name for name in ("ListResource", "InvokeAction", "ReadStateBytes"))
_SERVING = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse{status: SERVING}
_NOTHING = b""  # every message without fields
# Protobuf loads its implementation in Python (with text formats and pickle) whichever implementation it works with,
# and calendars (with locales) for times that nobody converts.
_UNUSED = ("google.protobuf.internal.python_message", "calendar")

_log = logging.getLogger(__name__)


class Calls(Protocol):
    """What answers the provider's calls, by path (`/tfplugin6.Provider/PlanResourceChange`)."""

    def unary(self) -> dict[str, Unary]:
        """One request, one answer."""

    def streaming(self) -> dict[str, Streaming]:
        """One request, many answers; the second argument tells whether the client is still there."""


CallsFor = Callable[["Provider", threading.Event], Calls]


def provider_calls(provider: Provider, stop: threading.Event) -> Calls:
    """Answer with this package's `ProviderServer`, loaded when first needed."""
    from .provider_server import ProviderServer  # late: protobuf and the messages, which the handshake does not need

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
    """Finds what answers a call by its path.

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
        self._many_runs = many_runs
        self._own: dict[str, Handler] = {
            PROVIDER + "StopProvider": self._stop_provider,
            "/plugin.GRPCController/Shutdown": self._shut_down,
            # go-plugin takes the end of both streams for "nothing to say"; kept open each would hold a thread.
            "/plugin.GRPCStdio/StreamStdio": lambda _request, _waits: iter(()),
            "/plugin.GRPCBroker/StartStream": lambda _request, _waits: iter(()),
            "/grpc.health.v1.Health/Check": lambda _request, _waits: _SERVING,
        }
        for path, answer in prepared.items():
            self._own[path] = partial(_prepared, answer)

    def find(self, path: str) -> Handler | None:
        """Return what answers one call, or `None`."""
        if path in self._own:
            return self._own[path]
        if not path.startswith(PROVIDER):
            return None
        return partial(self._stream if path in _STREAMED else self._call, path)

    def _stop_provider(self, _request: bytes, _waits: Callable[[], bool]) -> bytes:
        # Finish what is in flight, start no new waits: a create that was cut off could leave a resource behind that
        # no state knows of.
        self._stop.set()
        return _NOTHING

    def _shut_down(self, _request: bytes, _waits: Callable[[], bool]) -> bytes:
        self._shutdown()
        return _NOTHING

    def _call(self, path: str, request: bytes, _waits: Callable[[], bool]) -> bytes:
        unary, _ = self._get(path)
        if path not in unary:
            raise _unknown(path)
        if self._many_runs and path == PROVIDER + "ConfigureProvider":
            self._stop.clear()
        try:
            return unary[path](request)
        except Exception as error:  # noqa: BLE001 - its text may hold a secret
            raise _failed(path, error) from None

    def _stream(self, path: str, request: bytes, waits: Callable[[], bool]) -> Iterator[bytes]:
        _, streaming = self._get(path)
        if path not in streaming:
            raise _unknown(path)
        try:
            yield from streaming[path](request, waits)
        except Exception as error:  # noqa: BLE001 - as above
            raise _failed(path, error) from None

    def _get(self, path: str) -> tuple[dict[str, Unary], dict[str, Streaming]]:
        try:
            return self._loader.get()
        except Exception as error:  # noqa: BLE001 - whatever the provider's import raises must reach Terraform
            raise _failed(path, error) from None


def _prepared(answer: bytes, _request: bytes, _waits: Callable[[], bool]) -> bytes:
    return answer


def _failed(path: str, error: Exception) -> StatusError:
    call, kind = path.rpartition("/")[2], type(error).__name__
    _log.error("%s failed", call, exc_info=error)
    detail = f"The provider failed in {call} with {kind}. Set TF_LOG=error to see where; the log holds the traceback."
    return StatusError(INTERNAL, detail)


def _unknown(path: str) -> StatusError:
    return StatusError(UNIMPLEMENTED, f"This provider does not know the call {path}.")
