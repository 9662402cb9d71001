"""States and configurations: objects of one schema, between the wire and the Python values of its attributes.

On the way in null and unknown stay as they are, whatever the attribute's type, and everything else goes through the
type's `decode`. On the way out a state has every attribute of its schema, write-only ones are null, and a value that
means the same as one that Terraform holds already is sent in Terraform's spelling, so that a normalised type never
shows a difference of spelling alone.
"""

from __future__ import annotations

from typing import Any

from tf.schema import Attribute, Schema
from tf.types import Unknown
from tf.utils import Diagnostic, Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Config, IdentitySchema, State, WriteOnly
from terraform_provider_ecgrid.plugin.authoring.schema import decoded, is_known, same
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.codec.schema import constraint
from terraform_provider_ecgrid.plugin.diagnostics import MISTAKE, CallError, call_error
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


class StateCodec:
    """Reads and writes objects of one schema. Has no state of its own: threads may share it."""

    def __init__(self, schema: Schema) -> None:
        self.attributes: dict[str, Attribute] = {attribute.name: attribute for attribute in schema.attributes}
        self._constraints = {name: constraint(attribute.type) for name, attribute in self.attributes.items()}

    def raw(self, value: pb.DynamicValue) -> State | None:
        """Read an object from the wire without its types' `decode`; null and absent are `None`.

        Raises `CallError` if the value is not of the schema.
        """
        return self.raw_of(_decoded_bytes(value))

    def raw_of(self, value: Any) -> State | None:
        """Do what `raw` does with an object that is already out of its bytes.

        What the schema does not know is dropped, what is missing is null. Raises `CallError` as `raw` does.
        """
        if value is None:
            return None
        if not isinstance(value, dict):
            raise call_error("Unreadable value", "Terraform sent a value that is not an object.")
        result: State = {}
        errors: list[Diagnostic] = []
        for name in self.attributes:
            try:
                result[name] = values.numbers(value.get(name), self._constraints[name])
            except ValueError as exc:
                errors.append(_bad(name, exc))
        if errors:
            raise CallError(*errors)
        return result

    def stored(self, value: Any) -> State | None:
        """Do what `raw_of` does with a state of an older schema, in which a write-only attribute may have a value."""
        raw = self.raw_of(value)
        if raw is not None:
            raw.update({name: None for name, a in self.attributes.items() if isinstance(a, WriteOnly)})
        return raw

    def config(self, value: pb.DynamicValue) -> Config:
        """Read a configuration; every attribute of an absent or null one is null. Raises as `raw` and `decode` do."""
        raw = self.raw(value)
        return self.decode(self.raw_of({}) if raw is None else raw) or {}

    def decode(self, raw: State | None) -> State | None:
        """Turn what `raw` returned into Python values. Raises `CallError` with one error per attribute that fails."""
        if raw is None:
            return None
        result: State = {}
        errors: list[Diagnostic] = []
        for name, attribute in self.attributes.items():
            try:
                result[name] = decoded(attribute.type, raw[name])
            except Exception as exc:  # noqa: BLE001 - the code of any type runs here
                errors.append(_bad(name, exc))
        if errors:
            raise CallError(*errors)
        return result

    def encode(self, state: State | None, diagnostics: Diagnostics, *known: State | None, final: bool) -> State | None:
        """Turn Python values into what `values.encode` takes.

        `known` are raw objects that Terraform holds already, the preferred one first. `final` says that this is a new
        state, in which nothing may be unknown. What cannot be sent becomes null with an error that names the
        attribute, so that the rest is not lost.
        """
        if state is None:
            return None
        for name in sorted(state.keys() - self.attributes.keys()):
            diagnostics.add_error(
                "Unexpected attribute", f"The provider set {name}, which is not in the schema. {MISTAKE}"
            )
        result: State = {}
        for name, attribute in self.attributes.items():
            olds = [old[name] for old in known if old is not None]
            try:
                result[name] = None if isinstance(attribute, WriteOnly) else _encoded(attribute, state.get(name), olds)
                values.packable(result[name])
            except Exception as exc:  # noqa: BLE001 - the code of any type runs here
                diagnostics.diagnostics.append(_bad(name, exc))
                result[name] = None
        return _without_unknowns(result, diagnostics) if final else result

    def changed(self, prior: State | None, planned: State) -> set[str]:
        """Name what differs between two decoded states; without a prior one, what is not null."""
        if prior is None:
            return {name for name, value in planned.items() if value is not None}
        return {name for name, a in self.attributes.items() if not same(a.type, prior[name], planned[name])}


def read_stored(what: str, type_name: str, text: bytes) -> Any:
    """Read what Terraform stored as JSON, `what` being "state" or "identity". Raises `CallError` if it is not JSON."""
    try:
        return values.from_json(text)
    except ValueError:
        # Not chained, as the text of the error quotes what it could not read.
        raise call_error(
            f"Unreadable {what}",
            f"The stored {what} of this {type_name} is not valid JSON. Restore the state from a backup, or remove the "
            "resource from the state and import it again.",
        ) from None


class IdentityCodec:
    """Reads and writes resource identities. Without a schema every answer is `None`."""

    def __init__(self, schema: IdentitySchema | None) -> None:
        self._types = {attribute.name: attribute.type for attribute in schema.attributes} if schema else {}
        self._constraints = {name: constraint(type_) for name, type_ in self._types.items()}

    def decode(self, identity: pb.ResourceIdentityData) -> dict[str, Any] | None:
        """Read an identity; absent or null is `None`. Raises `CallError` if it is not of the schema."""
        return self.decode_raw(_decoded_bytes(identity.identity_data))

    def decode_raw(self, raw: Any) -> dict[str, Any] | None:
        """Do what `decode` does with an identity that is already out of its bytes."""
        if not isinstance(raw, dict) or not self._types:
            return None
        try:
            return {
                name: decoded(type_, values.numbers(raw.get(name), self._constraints[name]))
                for name, type_ in self._types.items()
            }
        except Exception as exc:  # noqa: BLE001 - the code of any type runs here
            raise call_error(
                "Unreadable identity",
                f"The identity could not be read ({type(exc).__name__}). If an `import` block sets it, correct it "
                "there. Otherwise remove the resource from the state, then import it again.",
            ) from None

    def encode(self, identity: dict[str, Any] | None) -> pb.ResourceIdentityData | None:
        """Write an identity, or `None` while a part of it is null or unknown.

        Terraform 1.12 to 1.15 cannot show a plan whose identity has an unknown part.
        """
        if identity is None or not self._types:
            return None
        parts = {name: identity.get(name) for name in self._types}
        if not all(map(is_known, parts.values())):
            return None
        raw = {name: type_.encode(parts[name]) for name, type_ in self._types.items()}
        return pb.ResourceIdentityData(identity_data=values.encode(raw))


def _decoded_bytes(value: pb.DynamicValue) -> Any:
    try:
        return values.decode(value)
    except ValueError:
        raise call_error("Unreadable value", "Terraform sent a value that is neither msgpack nor JSON.") from None


def _encoded(attribute: Attribute, value: Any, olds: list[Any]) -> Any:
    if not is_known(value):
        return value
    for old in olds:
        if is_known(old) and same(attribute.type, attribute.type.decode(old), value):
            return old
    return attribute.type.encode(value)


def _has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_unknown(element) for element in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(_has_unknown(element) for element in value)
    return value is Unknown


def _known_parts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known_parts(element) for key, element in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_known_parts(element) for element in value]
    return None if value is Unknown else value


def _without_unknowns(state: State, diagnostics: Diagnostics) -> State:
    for name in (name for name, value in state.items() if _has_unknown(value)):
        diagnostics.add_error(
            "Unknown value in a new state",
            f"The provider returned an unknown value for {name}, which is allowed only in a plan. {MISTAKE}",
            path=[name],
        )
        state[name] = _known_parts(state[name])
    return state


def _bad(name: str, exc: Exception) -> Diagnostic:
    return Diagnostic(
        Diagnostic.ERROR,
        "Unusable value",
        f"The value of {name} does not match its type ({type(exc).__name__}). Correct it in the configuration. If the "
        "configuration does not set it, this is a bug in the provider.",
        path=[name],
    )
