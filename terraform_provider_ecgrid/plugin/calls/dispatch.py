"""A server of plugin protocol 6.10 for a provider that is written against `tf`.

Each module of `SUBJECTS` answers the calls about one subject; another subject is another module and a line here. Every
call of the protocol that none of them answers is refused in the protocol's own words, so Terraform never sees an error
of gRPC.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from tf.iface import Provider
from tf.utils import Diagnostic

from terraform_provider_ecgrid.plugin.calls import action as actions
from terraform_provider_ecgrid.plugin.calls import change as change_calls
from terraform_provider_ecgrid.plugin.calls import data_source as data_source_calls
from terraform_provider_ecgrid.plugin.calls import function as function_calls
from terraform_provider_ecgrid.plugin.calls import generate as generation
from terraform_provider_ecgrid.plugin.calls import identity as identity_calls
from terraform_provider_ecgrid.plugin.calls import list as listing
from terraform_provider_ecgrid.plugin.calls import provider as provider_calls
from terraform_provider_ecgrid.plugin.calls import resource as resource_calls
from terraform_provider_ecgrid.plugin.catalog import Answer, Service, Stream, Subject
from terraform_provider_ecgrid.plugin.diagnostics import Refusal, message, unexpected
from terraform_provider_ecgrid.plugin.protocol import PROVIDER
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

SUBJECTS: tuple[Subject, ...] = (
    provider_calls.SUBJECT,
    identity_calls.SUBJECT,
    function_calls.SUBJECT,
    resource_calls.SUBJECT,
    change_calls.SUBJECT,
    data_source_calls.SUBJECT,
    listing.SUBJECT,
    actions.SUBJECT,
    generation.SUBJECT,
)


class ProviderServer:
    """Answers the calls of the protocol for one provider. Threads may share it.

    `provider` is any provider written against `tf`; `stop` is set when Terraform asks to stop, and is what the
    contexts of `contexts` carry. Nothing is asked of the provider before the first call.
    """

    def __init__(self, provider: Provider, stop: threading.Event, *, subjects: tuple[Subject, ...] = SUBJECTS) -> None:
        self._service = Service(provider, stop, subjects)
        self._calls: dict[str, Answer] = {}
        self._streams: dict[str, Stream] = {}
        for subject in subjects:
            self._calls.update(subject.calls)
            self._streams.update(subject.streams)

    def unary(self) -> dict[str, Callable[[bytes], bytes]]:
        """Return the calls with one answer by path: a serialized request in, a serialized answer out; none raises.

        WriteStateBytes, whose client streams, is among them: it is refused at the first message.
        """
        return {PROVIDER + method.name: self._unary(method) for method in _methods() if not method.server_streaming}

    def streaming(self) -> dict[str, Callable[[bytes, Callable[[], bool]], Iterator[bytes]]]:
        """Return the calls with many answers by path; the second argument tells whether the client is still there."""
        return {PROVIDER + method.name: self._streaming(method) for method in _methods() if method.server_streaming}

    def _unary(self, method: Any) -> Callable[[bytes], bytes]:
        name, handler = method.name, self._calls.get(method.name)
        request_class, answer_class = GetMessageClass(method.input_type), GetMessageClass(method.output_type)

        def call(data: bytes) -> bytes:
            if handler is None:
                return refused(answer_class, _unserved(name)).SerializeToString()
            try:
                return handler(self._service, request_class.FromString(data)).SerializeToString()
            except Exception as exc:  # noqa: BLE001 - the last place where it can become a diagnostic
                return refused(answer_class, *_diagnostics(name, exc)).SerializeToString()

        return call

    def _streaming(self, method: Any) -> Callable[[bytes, Callable[[], bool]], Iterator[bytes]]:
        name, handler = method.name, self._streams.get(method.name)
        request_class, answer_class = GetMessageClass(method.input_type), GetMessageClass(method.output_type)

        def call(data: bytes, alive: Callable[[], bool]) -> Iterator[bytes]:
            if handler is None:
                yield refused(answer_class, _unserved(name)).SerializeToString()
                return
            try:
                for answer in handler(self._service, request_class.FromString(data), alive):
                    yield answer.SerializeToString()
            except Exception as exc:  # noqa: BLE001 - the last place where it can become a diagnostic
                yield refused(answer_class, *_diagnostics(name, exc)).SerializeToString()

        return call


def refused(answer_class: type[Message], *diagnostics: Diagnostic) -> Message:
    """Make an answer that says nothing but what went wrong, in the field that the call's answer has for it."""
    answer: Any = answer_class()
    errors = [message(diagnostic) for diagnostic in diagnostics]
    if isinstance(answer, pb.CallFunction.Response):
        answer.error.text = "; ".join(f"{error.summary}: {error.detail}" for error in errors)
    elif isinstance(answer, pb.StopProvider.Response):
        answer.Error = "; ".join(error.summary for error in errors)
    elif isinstance(answer, pb.InvokeAction.Event):
        answer.completed.diagnostics.extend(errors)
    elif isinstance(answer, pb.ListResource.Event):
        answer.diagnostic.extend(errors)
    else:
        answer.diagnostics.extend(errors)
    return answer  # type: ignore[no-any-return]  # the class is not known before


def _methods() -> list[Any]:
    return list(pb.DESCRIPTOR.services_by_name["Provider"].methods)


def _unserved(name: str) -> Diagnostic:
    return Diagnostic(
        Diagnostic.ERROR,
        f"{name} not supported",
        f"This provider has nothing that Terraform could call {name} for. Check the configuration against the "
        "provider's documentation, or upgrade the provider.",
    )


def _diagnostics(name: str, exc: Exception) -> tuple[Diagnostic, ...]:
    return exc.diagnostics if isinstance(exc, Refusal) else (unexpected(name, exc),)
