"""Random changes to a callback as Terraform allows them, and what the contract says of the update that each sends.

Everything here is written from the contract and shares nothing with the code that it judges.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

Values = dict[str, Any]

PLAIN = {"url": "url", "event": "event", "status": "status"}
CREDENTIALS = {"http_auth_type": "httpAuthType", "username": "username", "password": "password"}
COMPUTED = ("url", "event", "status", "http_auth_type")
"""Optional and computed: left out of a configuration they keep the state's value."""

IGNORABLE = (*PLAIN, *CREDENTIALS, "password_wo_version")

_POOLS: dict[str, tuple[Any, ...]] = {
    "url": ("https://app.example.com/a", "https://app.example.com/b?token=x", "https://other.example.com"),
    "event": ("Parcel", "Interchange", "Mailbox"),
    "status": ("Active", "Suspended", "Preproduction"),
    "http_auth_type": ("None", "Basic", "Digest"),
    "username": ("user", "another user"),
    "password": ('p@ss"w\\rd-1', "pässwörd-2"),
    "password_wo": ("write-only-1", "write-only-2"),
    "password_wo_version": (0, 1, 2),
    "on_destroy": ("delete", "retain", "suspend"),
    "verify_delivery": (False,),
}


@dataclass(frozen=True)
class Change:
    """A state (None: a take-over), a configuration, the attributes that `ignore_changes` names, and what is unknown
    while the change is planned.
    """

    prior: Values | None
    config: Values
    ignored: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    @property
    def seen_by_plan(self) -> Values:
        """The configuration as Terraform sends it with a plan: what is ignored has the state's value."""
        prior = self.prior
        return self.config if prior is None else self.config | {name: prior[name] for name in self.ignored}

    @property
    def planned(self) -> Values:
        """What the plan ends in, of the attributes that a request or a decision depends on."""
        held = self.prior or dict.fromkeys(_POOLS)
        return {
            name: held[name] if value is None and name in COMPUTED else value
            for name, value in self.seen_by_plan.items()
            if name != "password_wo"
        }

    @property
    def credentials(self) -> Values:
        """All configured credential fields, with their planned values."""
        found = {name: self.planned[name] for name in CREDENTIALS if self.planned[name] is not None}
        if self.config["http_auth_type"] is None:
            found.pop("http_auth_type", None)
        if self.config["password_wo"] is not None:
            found["password"] = self.config["password_wo"]
        return found

    @property
    def touches_credentials(self) -> bool:
        """Whether a credential, or the version of the write-only one, changes to a value."""
        held = self.prior or dict.fromkeys(_POOLS)
        return any(
            self.planned[name] is not None and self.planned[name] != held[name]
            for name in (*CREDENTIALS, "password_wo_version")
        )

    @property
    def body(self) -> Values:
        """The fields of the update beside `callbackId`, by the API's names: nothing where nothing is to be sent."""
        held = self.prior or dict.fromkeys(_POOLS)
        fields = {PLAIN[name]: self.planned[name] for name in PLAIN if self.planned[name] != held[name]}
        if self.touches_credentials:
            fields |= {CREDENTIALS[name]: value for name, value in self.credentials.items()}
            if fields.get("httpAuthType") == "None" and held["http_auth_type"] != "None":
                fields |= {"username": "", "password": ""}
        return fields

    @property
    def is_refused(self) -> bool:
        """Whether the contract's paragraph "Refused" says no, at validate or at plan."""
        return any(map(self._is_wrong, (self.config, self.seen_by_plan))) or self._lacks_password()

    def _is_wrong(self, config: Values) -> bool:
        given = [name for name in ("username", "password", "password_wo") if config[name] is not None]
        idle = config["http_auth_type"] == "None" or (
            config["http_auth_type"] is None and self.prior is not None and self.planned["http_auth_type"] == "None"
        )
        return bool(
            (given and idle)
            or {"password", "password_wo"} <= set(given)
            or ("password_wo" in given and config["password_wo_version"] is None)
        )

    def _lacks_password(self) -> bool:
        version = self.planned["password_wo_version"]
        is_new = version is not None and version != (self.prior or {}).get("password_wo_version")
        auth = self.seen_by_plan["http_auth_type"]
        incomplete = (
            self.touches_credentials
            and auth in ("Basic", "Digest")
            and not {
                "username",
                "password",
            }
            <= set(self.credentials)
        )
        return (is_new and self.config["password_wo"] is None) or incomplete


def _each(*names: str, null: bool = True) -> list[Values]:
    pools = [(None, *_POOLS[name]) if null else _POOLS[name] for name in names]
    return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*pools)]


_PLAIN_HELD, _PLAIN_CONFIGURED = _each(*PLAIN, null=False), _each(*PLAIN)
_AUTHENTICATED = _each(*CREDENTIALS, "password_wo", "password_wo_version")
_HELD = [one for one in _AUTHENTICATED if one["password_wo"] is None]
_CONFIGURED = [
    one
    for one in _AUTHENTICATED
    if not (one["password"] and one["password_wo"])
    and (one["password_wo"] is None) == (one["password_wo_version"] is None)
    and not (one["http_auth_type"] == "None" and (one["username"] or one["password"] or one["password_wo"]))
]
_REST = _each("on_destroy", "verify_delivery")
_AUTH = st.sampled_from((None, *_POOLS["http_auth_type"]))


@st.composite
def _configurations(draw: st.DrawFn) -> Values:
    # The authentication first: of all configurations only a few can have `None`.
    auth = draw(_AUTH)
    credentials = draw(st.sampled_from([one for one in _CONFIGURED if one["http_auth_type"] == auth]))
    return draw(st.sampled_from(_PLAIN_CONFIGURED)) | credentials | draw(st.sampled_from(_REST))


@st.composite
def _updates(draw: st.DrawFn) -> Change:
    prior = draw(st.sampled_from(_PLAIN_HELD)) | draw(st.sampled_from(_HELD)) | {"on_destroy": "delete"}
    prior |= {"verify_delivery": draw(st.sampled_from((None, False)))}
    config = draw(_configurations())
    # Where everything is new at once, what one field takes along can hardly be told.
    for name in draw(st.frozensets(st.sampled_from(IGNORABLE), max_size=5)):
        config[name] = prior[name]
    return Change(prior, config, draw(st.frozensets(st.sampled_from(IGNORABLE), max_size=2)))


@st.composite
def _resolving(draw: st.DrawFn, changes: st.SearchStrategy[Change]) -> Change:
    """Changes of which something may be known only after the plan."""
    change = draw(changes)
    given = [name for name, value in change.config.items() if value is not None and name not in change.ignored]
    return replace(change, unknown=draw(st.frozensets(st.sampled_from(given)))) if given else change


UPDATES = _updates().filter(lambda change: not change.is_refused)
TAKE_OVERS = st.builds(Change, st.none(), _configurations()).filter(lambda change: not change.is_refused)
RESOLVING_UPDATES = _resolving(UPDATES)
RESOLVING_TAKE_OVERS = _resolving(TAKE_OVERS)


def applied(record: Values, body: Values) -> Values:
    """The record of an API that does what the update page says: what is left out stays as it is."""
    return record | body
