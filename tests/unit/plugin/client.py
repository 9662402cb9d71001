"""Terraform's end of the protocol, without gRPC: what it would send and what it would read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from tf.iface import Provider

from terraform_provider_ecgrid.plugin.calls.dispatch import CallTable
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

METHODS = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
WRITE_ONLY = pb.ClientCapabilities(write_only_attributes_allowed=True)


class Client:
    """Calls a provider's server."""

    def __init__(self, provider: Provider) -> None:
        self.stop = threading.Event()
        self.server = CallTable(provider, self.stop)
        self._unary = self.server.unary()

    def call(self, name: str, /, **fields: Any) -> Any:
        """Make a call; a `dict`, a `list` or `None` in the place of a value is encoded."""
        answer = GetMessageClass(METHODS[name].output_type)
        return answer.FromString(self._unary[f"/tfplugin6.Provider/{name}"](_request(name, fields)))

    def stream(self, name: str, /, *, alive: Callable[[], bool] = lambda: True, **fields: Any) -> Iterator[Any]:
        """Make a call that is answered by a stream; `alive` tells the server whether Terraform is still there."""
        answer = GetMessageClass(METHODS[name].output_type)
        for data in self.server.streaming()[f"/tfplugin6.Provider/{name}"](_request(name, fields), alive):
            yield answer.FromString(data)


def _request(name: str, fields: dict[str, Any]) -> bytes:
    request = GetMessageClass(METHODS[name].input_type)
    message: bytes = request(
        **{field: _value(request, field, value) for field, value in fields.items()}
    ).SerializeToString()
    return message


def _value(request: type[Message], field: str, value: Any) -> Any:
    kind = request.DESCRIPTOR.fields_by_name[field].message_type
    if isinstance(value, Message) or kind is None or field == "arguments":
        return value
    if kind.name == "DynamicValue":
        return values.encode(value)
    if kind.name == "ResourceIdentityData":
        return pb.ResourceIdentityData(identity_data=values.encode(value))
    if kind.name == "RawState":
        return pb.RawState(json=json.dumps(value).encode())
    raise AssertionError(kind.name)


def errors(answer: Any) -> list[str]:
    """The summaries of the errors in an answer."""
    return [d.summary for d in answer.diagnostics if d.severity == pb.Diagnostic.ERROR]


def paths(answer: Any) -> list[list[str | int]]:
    """The attribute paths of the diagnostics in an answer."""
    return [[getattr(s, s.WhichOneof("selector")) for s in d.attribute.steps] for d in answer.diagnostics]
