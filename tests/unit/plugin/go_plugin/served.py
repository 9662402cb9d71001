"""A plugin to be tested: `python -m tests.unit.plugin.go_plugin.served KIND`, started by `plugin_process`."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from terraform_provider_ecgrid.plugin.go_plugin.serve import serve
from terraform_provider_ecgrid.plugin.logging import stderr as logs

if TYPE_CHECKING:
    from tf.iface import Provider

PROVIDER = "/tfplugin6.Provider/"
SECRET = "s3cret-in-an-exception"


class StandIn:
    """Answers calls without a provider, so that a test can hold one in flight."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def unary(self) -> dict[str, Callable[[bytes], bytes]]:
        calls = {
            "GetProviderSchema": lambda request: request,
            "ConfigureProvider": lambda _request: str(self._stop.is_set()).encode(),
            "ApplyResourceChange": self.wait_for_file,
            "PlanResourceChange": self.print_to_stdout,
            "ReadResource": self.fail,
            "ImportResourceState": self.begin_a_line,
            "GetMetadata": lambda _request: f"collects {gc.isenabled()}, kept {gc.get_freeze_count() > 0}".encode(),
        }
        return {PROVIDER + name: call for name, call in calls.items()}

    def streaming(self) -> dict[str, Callable[[bytes, Callable[[], bool]], Iterator[bytes]]]:
        calls = {
            "ListResource": self.count,
            "InvokeAction": self.wait_until_gone,
            "ReadStateBytes": self.answer_forever,
        }
        return {PROVIDER + name: call for name, call in calls.items()}

    def wait_for_file(self, request: bytes) -> bytes:
        """Be in flight until the file `request` exists; `request`.started and .done tell how far it is."""
        path = Path(request.decode())
        path.with_suffix(".started").touch()
        while not path.exists():
            time.sleep(0.01)
        path.with_suffix(".done").touch()
        return b"stopping" if self._stop.is_set() else b"finished"

    def print_to_stdout(self, request: bytes) -> bytes:
        print("a stray print")  # noqa: T201 - the point of the test
        os.write(1, b"a stray write\n")
        return request

    def begin_a_line(self, request: bytes) -> bytes:
        sys.stderr.write("a line without an end")
        return request

    def fail(self, _request: bytes) -> bytes:
        raise LookupError(SECRET)

    def count(self, request: bytes, _is_active: Callable[[], bool]) -> Iterator[bytes]:
        for number in range(int(request)):
            yield str(number).encode()

    def wait_until_gone(self, request: bytes, is_active: Callable[[], bool]) -> Iterator[bytes]:
        path = Path(request.decode())
        yield b"x"
        path.with_suffix(".started").touch()
        while is_active():
            time.sleep(0.01)
        path.touch()

    def answer_forever(self, request: bytes, _is_active: Callable[[], bool]) -> Iterator[bytes]:
        try:
            while True:
                yield b"x"
                time.sleep(0.01)
        finally:
            Path(request.decode()).touch()


def no_provider() -> Provider:
    return cast("Provider", None)


def broken_provider() -> Provider:
    raise ImportError(SECRET)


def slow_provider() -> Provider:
    """Be under way until the file that SERVED_RELEASE names exists; .started tells that it is."""
    release = Path(os.environ["SERVED_RELEASE"])
    release.with_suffix(".started").touch()
    while not release.exists():
        time.sleep(0.01)
    return no_provider()


def installed_late(install: Callable[..., None]) -> Callable[..., None]:
    """Install the logs later than a call can fail."""

    def late(**options: object) -> None:
        time.sleep(0.5)
        install(**options)

    return late


def main(kind: str) -> int:
    if kind == "prepared":
        return serve(slow_provider, prepared=os.environ["SERVED_PREPARED"])
    # Nothing of protobuf is loaded, and calls take and give bytes of a test's choice.
    dispatch = ModuleType("terraform_provider_ecgrid.plugin.calls.dispatch")
    dispatch.CallTable = lambda _provider, stop: StandIn(stop)  # type: ignore[attr-defined]  # a module made here
    sys.modules[dispatch.__name__] = dispatch
    if kind == "debug":
        from terraform_provider_ecgrid.plugin.go_plugin.debug import serve_debug  # late: it loads `dispatch`

        return serve_debug(no_provider, ["registry.example.com/name/space", "registry.example.org/name/space"])
    if kind == "slow logs":
        logs.install = installed_late(logs.install)
    return serve({"broken": broken_provider, "slow": slow_provider}.get(kind, no_provider))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
