"""The calls of a plugin: those of Terraform's protocol 6.10, which the provider answers, and go-plugin's own.

Requests and answers are bytes here; `provider_server` knows what they mean. It and the provider are loaded in a
worker, because the thread that hands out the calls must never wait. Answers that never change may be prepared: they
are given without either.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from terraform_provider_ecgrid.deferred import deferred

from .protocol import PROVIDER

with deferred("asyncio", "grpc.aio"):
    import grpc as grpc  # for `serve` too, which must not load it in another way

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


class Running:
    """Counts the provider's calls in work. gRPC forgets a call when its client is gone; the call's thread runs on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` until no call is being answered; tell whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


class PluginHandler(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc carries no types
    """Finds the handler of every call by its path.

    `stop` is set by StopProvider, `shutdown` is called by GRPCController's Shutdown; `prepared` holds whole answers by
    path. With `many_runs` one process serves one Terraform after another (a debugger's), and the next one's
    ConfigureProvider takes the stop back.
    """

    def __init__(
        self,
        loader: Loader,
        running: Running,
        stop: threading.Event,
        shutdown: Callable[[], None],
        *,
        prepared: Mapping[str, bytes],
        many_runs: bool = False,
    ) -> None:
        self._loader = loader
        self._running = running
        self._stop = stop
        self._shutdown = shutdown
        self._many_runs = many_runs
        self._own = {
            PROVIDER + "StopProvider": grpc.unary_unary_rpc_method_handler(self._stop_provider),
            "/plugin.GRPCController/Shutdown": grpc.unary_unary_rpc_method_handler(self._shut_down),
            # go-plugin takes the end of both streams for "nothing to say"; kept open each would hold a thread.
            "/plugin.GRPCStdio/StreamStdio": grpc.unary_stream_rpc_method_handler(lambda _request, _context: iter(())),
            "/plugin.GRPCBroker/StartStream": grpc.stream_stream_rpc_method_handler(
                lambda _requests, _context: iter(())
            ),
            "/grpc.health.v1.Health/Check": grpc.unary_unary_rpc_method_handler(lambda _request, _context: _SERVING),
        }
        for path, answer in prepared.items():
            self._own[path] = grpc.unary_unary_rpc_method_handler(lambda _request, _context, answer=answer: answer)

    def service(self, handler_call_details: Any) -> Any:
        """Return the handler of one call, or `None`. Called in gRPC's polling thread: never wait here."""
        path: str = handler_call_details.method
        if path in self._own:
            return self._own[path]
        if not path.startswith(PROVIDER):
            return None
        if path in _STREAMED:
            return grpc.unary_stream_rpc_method_handler(lambda request, context: self._stream(path, request, context))
        return grpc.unary_unary_rpc_method_handler(lambda request, context: self._call(path, request, context))

    def _stop_provider(self, _request: bytes, _context: Any) -> bytes:
        # Finish what is in flight, start no new waits: a create that was cut off could leave a resource behind that
        # no state knows of.
        self._stop.set()
        return _NOTHING

    def _shut_down(self, _request: bytes, _context: Any) -> bytes:
        self._shutdown()
        return _NOTHING

    def _call(self, path: str, request: bytes, context: Any) -> bytes:
        with self._running:
            unary, _ = self._get(path, context)
            if path not in unary:
                _unknown(path, context)
            if self._many_runs and path == PROVIDER + "ConfigureProvider":
                self._stop.clear()
            try:
                return unary[path](request)
            except Exception as error:  # noqa: BLE001 - gRPC would send the exception's text, which may hold a secret
                _failed(path, error, context)

    def _stream(self, path: str, request: bytes, context: Any) -> Iterator[bytes]:
        with self._running:
            _, streaming = self._get(path, context)
            if path not in streaming:
                _unknown(path, context)
            try:
                yield from streaming[path](request, context.is_active)
            except Exception as error:  # noqa: BLE001 - as above
                _failed(path, error, context)

    def _get(self, path: str, context: Any) -> tuple[dict[str, Unary], dict[str, Streaming]]:
        try:
            return self._loader.get()
        except Exception as error:  # noqa: BLE001 - whatever the provider's import raises must reach Terraform
            _failed(path, error, context)


def _failed(path: str, error: Exception, context: Any) -> NoReturn:
    call, kind = path.rpartition("/")[2], type(error).__name__
    _log.error("%s failed", call, exc_info=error)
    detail = f"The provider failed in {call} with {kind}. Set TF_LOG=error to see where; the log holds the traceback."
    _abort(context, grpc.StatusCode.INTERNAL, detail)


def _unknown(path: str, context: Any) -> NoReturn:
    _abort(context, grpc.StatusCode.UNIMPLEMENTED, f"This provider does not know the call {path}.")


def _abort(context: Any, code: grpc.StatusCode, detail: str) -> NoReturn:
    context.abort(code, detail)
    raise AssertionError("abort raises")
