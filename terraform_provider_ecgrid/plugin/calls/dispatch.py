"""A server of plugin protocol 6.10 for a provider that is written against `tf`.

`_CALLS` and `_STREAMS` name the function that answers each call. Every other call of the protocol is refused in the
protocol's own words, so that Terraform never sees an error of gRPC.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from tf.iface import Provider
from tf.utils import Diagnostic

from terraform_provider_ecgrid.plugin.calls import (
    action,
    change,
    data_source,
    generate,
    identity,
    list_resource,
    provider,
    resource,
)
from terraform_provider_ecgrid.plugin.catalog import Catalog
from terraform_provider_ecgrid.plugin.diagnostics import encode_diagnostic, unexpected
from terraform_provider_ecgrid.plugin.protocol import PROVIDER
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

# The request is of the call's own type, as is the answer.
_CALLS: dict[str, Callable[[Catalog, Any], Message]] = {
    "GetMetadata": provider.get_metadata,
    "GetProviderSchema": provider.get_provider_schema,
    "GetFunctions": provider.get_functions,
    "ValidateProviderConfig": provider.validate_provider_config,
    "ConfigureProvider": provider.configure_provider,
    "GetResourceIdentitySchemas": identity.get_resource_identity_schemas,
    "UpgradeResourceIdentity": identity.upgrade_resource_identity,
    "ValidateResourceConfig": resource.validate_resource_config,
    "UpgradeResourceState": resource.upgrade_resource_state,
    "ReadResource": resource.read_resource,
    "ImportResourceState": resource.import_resource_state,
    "MoveResourceState": resource.move_resource_state,
    "PlanResourceChange": change.plan_resource_change,
    "ApplyResourceChange": change.apply_resource_change,
    "GenerateResourceConfig": generate.generate_resource_config,
    "ValidateDataResourceConfig": data_source.validate_data_resource_config,
    "ReadDataSource": data_source.read_data_source,
    "ValidateListResourceConfig": list_resource.validate_list_resource_config,
    "ValidateActionConfig": action.validate_action_config,
    "PlanAction": action.plan_action,
}
# The third argument tells whether the client is still there.
_STREAMS: dict[str, Callable[[Catalog, Any, Callable[[], bool]], Iterator[Message]]] = {
    "ListResource": list_resource.list_resource,
    "InvokeAction": action.invoke_action,
}


class CallTable:
    """The calls of the protocol by path, answered for one provider. Threads may share it.

    `provider` is any provider written against `tf`; `stop` is set when Terraform asks to stop, and is what the
    contexts of `authoring` carry. Nothing is asked of the provider before the first call.
    """

    def __init__(self, provider: Provider, stop: threading.Event) -> None:
        self._catalog = Catalog(provider, stop)

    def unary(self) -> dict[str, Callable[[bytes], bytes]]:
        """Return the calls with one answer by path: a serialized request in, a serialized answer out; none raises.

        WriteStateBytes, whose client streams, is among them: it is refused at the first message.
        """
        return {PROVIDER + method.name: self._unary(method) for method in _methods(streaming=False)}

    def streaming(self) -> dict[str, Callable[[bytes, Callable[[], bool]], Iterator[bytes]]]:
        """Return the calls with many answers by path; the second argument tells whether the client is still there."""
        return {PROVIDER + method.name: self._streaming(method) for method in _methods(streaming=True)}

    def _unary(self, method: Any) -> Callable[[bytes], bytes]:
        name, handler = method.name, _CALLS.get(method.name)
        request_class, answer_class = GetMessageClass(method.input_type), GetMessageClass(method.output_type)

        def call(data: bytes) -> bytes:
            if handler is None:
                return _failure(answer_class, _unserved(name)).SerializeToString()
            try:
                return handler(self._catalog, request_class.FromString(data)).SerializeToString()
            except Exception as exc:  # noqa: BLE001 - the last place where it can become a diagnostic
                return _failure(answer_class, unexpected(name, exc)).SerializeToString()

        return call

    def _streaming(self, method: Any) -> Callable[[bytes, Callable[[], bool]], Iterator[bytes]]:
        name, handler = method.name, _STREAMS.get(method.name)
        request_class, answer_class = GetMessageClass(method.input_type), GetMessageClass(method.output_type)

        def call(data: bytes, alive: Callable[[], bool]) -> Iterator[bytes]:
            if handler is None:
                yield _failure(answer_class, _unserved(name)).SerializeToString()
                return
            try:
                for answer in handler(self._catalog, request_class.FromString(data), alive):
                    yield answer.SerializeToString()
            except Exception as exc:  # noqa: BLE001 - the last place where it can become a diagnostic
                yield _failure(answer_class, unexpected(name, exc)).SerializeToString()

        return call


def _failure(answer_class: type[Message], diagnostic: Diagnostic) -> Message:
    """Make an answer that only says what went wrong, in the field that the call's answer has for it."""
    answer: Any = answer_class()
    error = encode_diagnostic(diagnostic)
    if isinstance(answer, pb.CallFunction.Response):
        answer.error.text = f"{error.summary}: {error.detail}"
    elif isinstance(answer, pb.InvokeAction.Event):
        answer.completed.diagnostics.append(error)
    elif isinstance(answer, pb.ListResource.Event):
        answer.diagnostic.append(error)
    else:
        answer.diagnostics.append(error)
    return answer  # type: ignore[no-any-return]  # the class is only known at run time


def _methods(*, streaming: bool) -> list[Any]:
    # The router answers StopProvider, which must not wait for the provider.
    every = pb.DESCRIPTOR.services_by_name["Provider"].methods
    return [method for method in every if method.server_streaming is streaming and method.name != "StopProvider"]


def _unserved(name: str) -> Diagnostic:
    return Diagnostic(
        Diagnostic.ERROR,
        f"{name} not supported",
        f"This version of the provider does not support the call {name}. Check the configuration against the "
        "provider's documentation, or upgrade the provider.",
    )
