"""What `tf`'s schemas lack: write-only attributes, a word about read-only ones, two types, and identities."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tf.schema import Attribute, TextFormat
from tf.types import String, TfType, Unknown

from terraform_provider_ecgrid.plugin.logging.redaction import conceal


def is_known(value: Any) -> bool:
    """Tell whether a value is neither null nor unknown."""
    return value is not None and value is not Unknown


class WriteOnly(Attribute):
    """An attribute that is only in the configuration and null in every plan and state (Terraform 1.11 and newer).

    Resources find its value in the `config` of their contexts. The arguments are those of `tf.schema.Attribute`,
    except those that ask for a replacement or a computed value: neither can be told from null.
    """

    def __init__(
        self,
        name: str,
        type: TfType,  # noqa: A002 - the name that `Attribute` gives it
        description: str | None = None,
        *,
        required: bool = False,
        optional: bool = False,
        sensitive: bool = False,
        description_kind: TextFormat | None = None,
        deprecated: bool | None = None,
    ) -> None:
        super().__init__(
            name,
            type,
            description,
            required=required,
            optional=optional,
            sensitive=sensitive,
            description_kind=description_kind,
            deprecated=deprecated,
        )


class ReadOnly(Attribute):
    """An attribute that only the provider sets, and a sentence for those who set it.

    The server refuses a value of every attribute that is computed, and neither optional nor required. `instead` ends
    that error: what to set instead.
    """

    def __init__(
        self,
        name: str,
        type: TfType,  # noqa: A002 - the name that `Attribute` gives it
        description: str | None = None,
        *,
        instead: str,
    ) -> None:
        super().__init__(name, type, description, computed=True)
        self.instead = instead


class Object(TfType):
    """An object with the given attributes. Maps to a Python `dict` that has all of them; a missing one is null.

    `attributes` gives the types by name.
    """

    def __init__(self, attributes: dict[str, TfType]) -> None:
        self.attributes = attributes

    def encode(self, value: Any) -> Any:
        """Encode every attribute; an object or attribute that is null or unknown stays so."""
        if not is_known(value):
            return value
        if unexpected := value.keys() - self.attributes.keys():
            raise ValueError(f"unexpected attributes: {', '.join(sorted(unexpected))}")
        return {name: _if_known(type_.encode, value.get(name)) for name, type_ in self.attributes.items()}

    def decode(self, value: Any) -> Any:
        """Decode every attribute, as `encode` does."""
        if not is_known(value):
            return value
        return {name: decoded(type_, value.get(name)) for name, type_ in self.attributes.items()}

    def semantically_equal(self, a_decoded: Any, b_decoded: Any) -> bool:
        """Compare attribute by attribute, each in the way of its type."""
        if not (is_known(a_decoded) and is_known(b_decoded)):
            return a_decoded is b_decoded
        return all(same(type_, a_decoded.get(name), b_decoded.get(name)) for name, type_ in self.attributes.items())

    def tf_type(self) -> bytes:
        """Return the type constraint, such as `["object",{"id":"number"}]`."""
        attributes = {name: json.loads(type_.tf_type()) for name, type_ in self.attributes.items()}
        return json.dumps(["object", attributes], separators=(",", ":")).encode()


class SensitiveString(String):
    """A string that Python holds as `pydantic.SecretStr`, so that nothing prints it by mistake."""

    def encode(self, value: Any) -> Any:
        """Take the text out of a `SecretStr`; a plain `str` is accepted too."""
        return value.get_secret_value() if hasattr(value, "get_secret_value") else value

    def decode(self, value: Any) -> Any:
        """Put the text into a `SecretStr`; null and unknown stay so."""
        if not is_known(value):
            return value
        # Late: every process needs a schema, few a secret, and pydantic takes some 80 ms to load.
        from pydantic import SecretStr

        conceal(value)
        return SecretStr(value)


@dataclass(frozen=True)
class IdentityAttribute:
    """One attribute of a resource's identity, which an import by identity has to give."""

    name: str
    type: TfType
    description: str = ""


@dataclass(frozen=True)
class IdentitySchema:
    """A resource's identity (Terraform 1.12 and newer): the smallest set of values that finds it again."""

    attributes: tuple[IdentityAttribute, ...]
    version: int = 0


def same(type_: TfType, a: Any, b: Any) -> bool:
    """Tell whether two Python values of a type are the same; null and unknown equal only themselves."""
    if a is b:
        return True
    return is_known(a) and is_known(b) and bool(type_.semantically_equal(a, b))


def decoded(type_: TfType, value: Any) -> Any:
    """Decode a value in the way of its type; null and unknown stay so."""
    return _if_known(type_.decode, value)


def _if_known(convert: Any, value: Any) -> Any:
    return convert(value) if is_known(value) else value
