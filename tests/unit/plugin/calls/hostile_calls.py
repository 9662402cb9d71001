"""Requests as no Terraform should send them: strategies for every call of the protocol, over the provider's schemas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgpack
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st
from tf.schema import Schema

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.callback.schema import CALLBACK_SCHEMA
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.unit.api.hostile import DEEP, JSON, TOKENS, as_bytes, mutated
from tests.unit.plugin.client import METHODS

PASSWORD, WRITE_ONLY_PASSWORD, KEY = "pZ9-password-p", "wQ4-write-only-w", "kX7-key-k"
PATH = "/hQ5-path-h?token=tW3-token-t"

STATE: dict[str, Any] = {
    "callback_id": 7001,
    "id": "7001",
    "url": f"https://app.example.com{PATH}",
    "event": "Parcel",
    "status": "Active",
    "mailbox_id": 12345,
    "network_id": None,
    "http_auth_type": "Basic",
    "username": "webhook_user",
    "password": PASSWORD,
    "password_wo": None,
    "password_wo_version": None,
    "on_destroy": "retain",
    "verify_delivery": True,
}
CONFIG = STATE | {"id": None, "mailbox_id": None, "callback_id": None}
WRITE_ONLY_CONFIG = CONFIG | {"password": None, "password_wo": WRITE_ONLY_PASSWORD, "password_wo_version": 2}
FILTERS = {"mailbox_id": 12345, "status": "Active", "event": "Parcel", "callbacks": None}
EVENT_FILTERS = {"mailbox_id": 12345, "callback_id": 7001, "event": "Parcel", "limit": 5, "events": None}
EVENT_FILTERS |= {"begin_date": "2026-05-07T09:00:00Z", "end_date": None}
PROVIDER = {
    "api_key": KEY,
    "access_token": None,
    "base_url": "http://localhost",
    "request_timeout": 5,
    "max_retries": 2,
}
REFERENCE = {"callback_id": 7001}
PRIVATE = {
    "version": 1,
    "origin": "registered",
    "shown": True,
    "lists_deliveries": True,
    "outdated_until": "2026-05-07T09:00:00Z",
    "url_sent": STATE["url"],
    "url_answered": STATE["url"],
    "replaced": {"callback_id": 7001, "on_destroy": "delete", "mailbox_id": 12345, "network_id": None},
}

UNKNOWN = msgpack.ExtType(0, b"\x00")
_REFINED = msgpack.packb({1: False, 2: "https://"})
EXTENSIONS = st.one_of(
    st.sampled_from((UNKNOWN, msgpack.ExtType(12, _REFINED), msgpack.ExtType(12, b"\xc1"))),
    st.sampled_from((msgpack.Timestamp(1), msgpack.Timestamp(2**40, 1))),
    st.builds(msgpack.ExtType, st.integers(0, 127), st.binary(max_size=6)),
)
_TEXTS = ("1e999", "1e999999999", "-1e-999999999", "0e999999999", "1e99999999999999999999", "NaN", "Infinity", " 7001")
NUMBERS = st.sampled_from(
    (*_TEXTS, "1" * 30, "9" * 5000, "7001.0", "0.1", "x", 2**63, -(2**63), 2**31 - 1, 7001.5, 1e308, math.inf, math.nan)
)
LEAVES = st.one_of(EXTENSIONS, NUMBERS, JSON, st.binary(max_size=4), st.text("a\x00\ud800\u202e", max_size=4))


_RAW = (
    b"\x91" * 3000,
    b"\x81\xa1a" * 3000,
    b"\xdd\xff\xff\xff\xff",
    # A timestamp of the wrong length; a list, a number and bytes as an attribute's name.
    b"\x81\xabcallback_id\xc7\x01\xff\x00",
    b"\x81\x90\xc0",
    b"\x81\x01\xc0",
    b"\x81\xc4\x03url\xc0",
)
RAW = st.binary(max_size=30) | st.integers(0, len(_RAW) - 1).map(_RAW.__getitem__)


@st.composite
def packed(draw: st.DrawFn, valid: Any) -> bytes:
    """The msgpack of a valid value, of a mutated one, of anything, or of nothing."""
    kind = draw(st.sampled_from(("valid", "mutated", "mutated", "leaf", "cut", "raw", "null")))
    if kind == "raw":
        return draw(RAW)
    value = {"valid": valid, "null": None}.get(kind, ...)
    if value is ...:
        value = draw(LEAVES if kind == "leaf" else mutated(valid, LEAVES))
    try:
        data: bytes = msgpack.packb(value, unicode_errors="surrogatepass")
    except (OverflowError, ValueError):
        # More than 64 bits, which msgpack cannot hold, or too deep.
        return b"\xc1"
    return data[: draw(st.integers(0, len(data)))] if kind == "cut" else data


def dynamic(*valid: Any) -> st.SearchStrategy[pb.DynamicValue]:
    """A value as bytes of either kind, or absent; `valid` are the values to begin with."""
    begin = st.sampled_from(valid)
    in_json = as_bytes(mutated(valid[0])) | DEEP | TOKENS
    in_msgpack = begin.flatmap(packed)
    return st.one_of(
        st.builds(lambda data: pb.DynamicValue(msgpack=data), in_msgpack),
        st.builds(lambda data: pb.DynamicValue(msgpack=data), in_msgpack),
        st.builds(lambda data: pb.DynamicValue(msgpack=data), in_msgpack),
        st.builds(lambda data: pb.DynamicValue(json=data), in_json),
        st.just(pb.DynamicValue()),
    )


def plain(*valid: Any) -> st.SearchStrategy[pb.DynamicValue]:
    """One of the values, as msgpack, or null."""
    return st.sampled_from([pb.DynamicValue(msgpack=msgpack.packb(value)) for value in (*valid, *valid, None)])


def raw_state(valid: Any) -> st.SearchStrategy[pb.RawState]:
    """A stored state."""
    data = as_bytes(mutated(valid)) | as_bytes(JSON) | st.binary(max_size=20) | DEEP | TOKENS | st.just(b"")
    return st.builds(lambda stored: pb.RawState(json=stored), data) | st.just(pb.RawState(flatmap={"id": "7001"}))


PRIVATES = as_bytes(mutated(PRIVATE)) | as_bytes(JSON) | st.binary(max_size=20) | DEEP | TOKENS | st.just(b"")
IDENTITIES = st.builds(
    lambda value: pb.ResourceIdentityData(identity_data=value), dynamic(REFERENCE) | plain(REFERENCE)
)
CAPABILITIES = st.builds(
    lambda one, two: pb.ClientCapabilities(deferral_allowed=one, write_only_attributes_allowed=two),
    st.booleans(),
    st.booleans(),
)


def changed(valid: dict[str, Any], odd: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """`valid` with odd values, each of the right type, in the place of up to four attributes."""
    names = st.frozensets(st.sampled_from(sorted(odd)), max_size=4)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: odd[name] for name in sorted(chosen)})).map(
        lambda values: valid | values
    )


_URLS = ("https://[", "https://a:b", "http://x", "https://u:p@x", "https://x/\u202e", "https://\u00e4.x/" + "a" * 300)
_DATES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")
_TEXT = st.sampled_from(("", "x", "None", "active", "\x00", *_URLS, *_DATES)) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=6
)
_NUMBER = st.sampled_from(
    (
        0,
        1,
        7001,
        -1,
        0.1,
        1.5,
        2**31,
        2**64 - 1,
        "1e999",
        "1e99999",
        "-1e99999",
        "1" * 30,
        "0." + "1" * 60,
        1e308,
        math.inf,
    )
)
_NOT_KNOWN = st.sampled_from((None, UNKNOWN, msgpack.ExtType(12, _REFINED)))


def odd(schema: Schema) -> dict[str, st.SearchStrategy[Any]]:
    """Odd values, null and unknown ones included, of what a configuration may hold, by the attributes' names."""
    by_type = {b'"string"': _TEXT, b'"number"': _NUMBER, b'"bool"': st.booleans()}
    return {
        attribute.name: _NOT_KNOWN | by_type[attribute.type.tf_type()]
        for attribute in schema.attributes
        if attribute.optional or attribute.required
    }


_STORED = {
    "url": _TEXT,
    "event": st.none() | _TEXT,
    "status": st.none() | st.sampled_from(tuple(Status)).map(str),
    "mailbox_id": st.sampled_from((None, 0, -1, 2**63, "1" * 30)),
    "http_auth_type": st.none() | _TEXT,
    "username": st.none() | _TEXT,
    "password": st.none() | _TEXT,
    "password_wo_version": st.none() | _NUMBER,
    "on_destroy": st.sampled_from(("delete", "suspend", "terminate", "retain")),
    "verify_delivery": st.sampled_from((None, True, False)),
}
STORED_STATES = changed(STATE, _STORED)
"""States that this provider may have written: ECGrid may have answered any text."""
CONFIGURATIONS = st.sampled_from((CONFIG, WRITE_ONLY_CONFIG, CONFIG | REFERENCE)).flatmap(
    lambda config: changed(config, odd(CALLBACK_SCHEMA))
)

_KINDS: tuple[tuple[str, dict[str, tuple[dict[str, Any], ...]]], ...] = (
    ("Provider", {"": (PROVIDER,)}),
    ("Action", {"ecgrid_callback_test": (REFERENCE,)}),
    ("List", {"ecgrid_callback": (FILTERS,)}),
    (
        "Data",
        {
            "ecgrid_callback": (dict.fromkeys(("id", "url", "event", "status")) | REFERENCE,),
            "ecgrid_callbacks": (FILTERS,),
            "ecgrid_callback_events": (EVENT_FILTERS,),
        },
    ),
    ("", {"ecgrid_callback": (STATE, STATE | dict.fromkeys(("callback_id", "id"), UNKNOWN))}),
)
"""What a call's name holds, the names of the types that it is about, and values that are valid for it."""


def fields_of(call: str) -> st.SearchStrategy[dict[str, Any]]:
    """Fields of a call's request, each as its message and its name ask for."""
    types = next(types for part, types in _KINDS if part in call)
    return st.one_of(
        *(
            st.fixed_dictionaries(
                {field.name: _field(field, type_name, valid) for field in METHODS[call].input_type.fields}
            )
            for type_name, valid in types.items()
        )
    )


def _field(field: Any, type_name: str, valid: tuple[dict[str, Any], ...]) -> st.SearchStrategy[Any]:
    if valid[0] is STATE and field.name == "config":
        valid = (CONFIG, WRITE_ONLY_CONFIG)
    of_message = {
        "DynamicValue": dynamic(*valid) | plain(*valid),
        "RawState": raw_state(REFERENCE if "identity" in field.name else STATE),
        "ResourceIdentityData": IDENTITIES,
        "ClientCapabilities": CAPABILITIES,
    }
    if field.message_type is not None:
        return of_message[field.message_type.name]
    if field.name in ("type_name", "action_type", "target_type_name"):
        # Now and then another one.
        return st.sampled_from((type_name,) * 8 + ("", "ecgrid_callback_events", "\u202e\x00"))
    of_type = {
        field.TYPE_BYTES: PRIVATES,
        field.TYPE_INT64: st.sampled_from((0, 0, 0, 1, 100, -1, 2**63 - 1)),
        field.TYPE_BOOL: st.booleans(),
        field.TYPE_STRING: st.sampled_from(("", "7001", "0", "9" * 5000)) | st.text("7001-\x00\u0663", max_size=6),
    }
    return of_type[field.type]


def request(name: str, fields: dict[str, Any]) -> bytes:
    """Write a request."""
    message: Callable[..., Message] = GetMessageClass(METHODS[name].input_type)
    data: bytes = message(**fields).SerializeToString()
    return data
