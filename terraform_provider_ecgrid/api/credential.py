"""Which credentials can be sent, and where the client's arguments were taken from."""

from __future__ import annotations

from typing import NamedTuple

VALIDITY = {
    "API key": "If a newer API key was created, the old one stopped working at once.",
    "access token": "An access token is short-lived.",
}
"""Why a credential, by its name, may no longer be valid."""


class Source(NamedTuple):
    """An argument of the provider, such as `api_key`, or an environment variable, such as ECGRID_API_KEY."""

    name: str
    is_variable: bool

    @property
    def short(self) -> str:
        """The name as a sentence has it."""
        return self.name if self.is_variable else f"`{self.name}`"

    def __str__(self) -> str:
        return f"the environment variable {self.name}" if self.is_variable else f"the provider's argument `{self.name}`"


class Sources(NamedTuple):
    """What an error can say of a client's arguments.

    Attributes:
        credential_name: "API key" or "access token".
        credential: where it was taken from; None if that is not known.
        base_url: where that was taken from; None for the default.
    """

    credential_name: str
    credential: Source | None = None
    base_url: Source | None = None


def problem_with_credential(text: str) -> str | None:
    """Return why no header can carry a credential, as the end of a sentence; None if one can.

    Space around it counts for nothing. The credential is never quoted.
    """
    text = text.strip()
    if not text:
        return "is blank"
    if not is_printable(text):
        return "contains a character that is not allowed in an HTTP header, often a line break"
    return None


def is_printable(text: str) -> bool:
    """Say whether a header can carry a text."""
    return all(" " <= mark <= "~" for mark in text)
