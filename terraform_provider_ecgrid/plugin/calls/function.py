"""The calls about functions (Terraform 1.8 and newer)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.types import Unknown
from tf.utils import Diagnostic, Diagnostics

from terraform_provider_ecgrid.plugin.catalog import Service, Subject
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.codec.schema import constraint, function_message
from terraform_provider_ecgrid.plugin.diagnostics import guarded, message, messages, refusal
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

if TYPE_CHECKING:
    from tf.function import FunctionSignature


def describe(service: Service, answer: pb.GetProviderSchema.Response) -> None:
    """Add the functions' signatures."""
    for name, klass in service.functions.items():
        answer.functions[name].CopyFrom(function_message(klass.get_signature()))


def get_functions(service: Service, _request: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
    """Give every function's signature."""
    diagnostics = Diagnostics()
    answer = pb.GetFunctions.Response()
    with guarded(diagnostics, "GetFunctions"):
        for name, klass in service.functions.items():
            answer.functions[name].CopyFrom(function_message(klass.get_signature()))
    answer.diagnostics.extend(messages(diagnostics))
    return answer


def call_function(service: Service, request: pb.CallFunction.Request) -> pb.CallFunction.Response:
    """Call a function. There is room for one error: the first one counts; warnings have no way to Terraform."""
    # Late: a provider without functions never needs it.
    from tf.function import CallContext

    diagnostics = Diagnostics()
    answer = pb.CallFunction.Response()
    with guarded(diagnostics, f"CallFunction of {request.name}"):
        if request.name not in service.functions:
            raise refusal(f"Unknown function {request.name}", "This version of the provider does not have it.")
        klass = service.functions[request.name]
        signature = klass.get_signature()
        arguments = _arguments(signature, list(request.arguments))
        result = service.provider.new_function(klass).call(CallContext(diagnostics, request.name), arguments)
        if not diagnostics.has_errors():
            returned = signature.return_type.type
            encoded = result if result is None or result is Unknown else returned.encode(result)
            answer.result.CopyFrom(values.encode(encoded))
    errors = [diagnostic for diagnostic in diagnostics.diagnostics if diagnostic.severity == Diagnostic.ERROR]
    if errors:
        error = message(errors[0])
        answer.error.text = f"{error.summary}: {error.detail}" if error.detail else error.summary
    return answer


def _arguments(signature: FunctionSignature, arguments: list[pb.DynamicValue]) -> list[Any]:
    parameters = list(signature.parameters)
    if signature.variadic_parameter is not None:
        parameters += [signature.variadic_parameter] * (len(arguments) - len(parameters))
    if len(arguments) != len(parameters):
        raise refusal("Wrong number of arguments", f"{len(parameters)} are needed, {len(arguments)} were given.")
    decoded = []
    for parameter, argument in zip(parameters, arguments, strict=True):
        value = values.numbers(values.decode(argument), constraint(parameter.type))
        decoded.append(value if value is None or value is Unknown else parameter.type.decode(value))
    return decoded


SUBJECT = Subject(calls={"GetFunctions": get_functions, "CallFunction": call_function}, describe=describe)
