"""Answers that the API text says may come: for `transform` and `rewrite` of `Sandbox.faults.add`."""

from typing import Any

_PAGING = ("totalRecords", "pageNo", "recordsPerPage")
_STATUS = ["Development", "Active", "Preproduction", "Suspended", "Terminated"]
_OBJECTS = [
    "System", "User", "Network", "Mailbox", "ECGridID", "Interconnect", "Migration", "Parcel", "Interchange",
    "CarbonCopy", "CallBackEvent",
]  # fmt: skip
_NUMBERED = {
    "status": _STATUS,
    "httpAuthType": ["None", "Basic", "Digest"],
    "direction": ["NoDir", "OutBox", "InBox"],
    "event": _OBJECTS,
    "systemObject": _OBJECTS,
}


def numbers_for_words(value: Any) -> Any:
    """Return `data` with each enumeration as its number; a word without one stays."""
    if isinstance(value, list):
        return [numbers_for_words(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _number(name, one) if isinstance(one, str) else numbers_for_words(one) for name, one in value.items()}


def _number(name: str, word: str) -> Any:
    words = _NUMBERED.get(name, [])
    return words.index(word) if word in words else word


def bare_array(data: dict[str, Any]) -> Any:
    """Return the list that `data` holds beside its count."""
    return next(one for one in data.values() if isinstance(one, list))


def paging_beside_data(answer: dict[str, Any]) -> dict[str, Any]:
    """Return a whole answer with the paging fields beside `data` instead of in it."""
    data = dict(answer["data"])
    return {**answer, **{name: data.pop(name) for name in _PAGING}, "data": data}


def soap_names(value: Any) -> Any:
    """Return `data` as the SOAP description names it, with credentials that a client must not keep."""
    if isinstance(value, list):
        return [soap_names(one) for one in value]
    if not isinstance(value, dict):
        return value
    renamed: dict[str, Any] = {}
    for name, one in value.items():
        if name == "httpAuthType":
            renamed["httpAuthentication"] = {"type": one, "user": "soap-user", "password": "soap-password"}
        elif name == "event" and isinstance(one, dict):
            renamed["callBackEvent"] = soap_names(one)
        else:
            renamed[name] = soap_names(one)
    return renamed
