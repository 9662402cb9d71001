"""What is wrong with one value, and how to fix it, in a sentence. Shared by every block that takes such a value."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.values import is_known, shortened
from terraform_provider_ecgrid.plugin.authoring import Config


def problem_with_url(url: str) -> str | None:
    """Return why ECGrid cannot be given this URL; None if it can. The URL is never quoted: it may carry a token."""
    if not url:
        return "`url` is empty. Write it like `https://app.example.com/webhooks/ecgrid`."
    if problem := _problem_with_characters(url):
        return problem
    # Late: it takes 1.8 ms, and a process that only gives the schema looks at no value.
    from urllib.parse import urlsplit

    from terraform_provider_ecgrid.callback.urls import is_host

    try:
        parts = urlsplit(url)
    except ValueError:
        return "`url` is not a URL. Write it like `https://app.example.com/webhooks/ecgrid`."
    try:
        _ = parts.port
    except ValueError:
        return "The port in `url` is not a number from 0 to 65535. Correct it, or omit it to use 443."
    if parts.scheme.lower() != "https":
        return "`url` is not an HTTPS URL, and ECGrid delivers only to HTTPS endpoints. Start the URL with `https://`."
    if not parts.hostname or not is_host(parts.hostname):
        return "`url` has no valid host. Write it like `https://app.example.com/webhooks/ecgrid`."
    if "@" in parts.netloc:
        return (
            "`url` contains credentials, which would be visible wherever the URL is shown. Remove them from the URL "
            "and set `http_auth_type`, `username` and `password_wo` instead."
        )
    return None


def _problem_with_characters(url: str) -> str | None:
    """Return which character of a URL cannot stand in one, and where; `urlsplit` would drop some of them unseen."""
    at = next((at for at, mark in enumerate(url) if mark.isspace() or not mark.isprintable()), None)
    if at is None:
        return None
    # Late: a mistake is rare.
    import unicodedata

    name = unicodedata.name(url[at], "")
    character = f"the character U+{ord(url[at]):04X}{f' ({name})' if name else ''}"
    if at == 0:
        return f"`url` begins with {character}. Remove it."
    if at == len(url) - 1:
        return f"`url` ends in {character}. Remove it."
    return (
        f"`url` contains {character} after its first {at} characters. Remove it or percent-encode it (a space is "
        "`%20`)."
    )


def problem_with_choice(attribute: str, value: str, allowed: type[StrEnum]) -> str | None:
    """Return why a value is not one of an enumeration, with the nearest and all that are; None if it is."""
    names = [member.value for member in allowed]
    if value in names:
        return None
    # Late: it takes 0.7 ms, and a mistake is rare.
    import difflib

    typed = value.strip().lower()
    # A slip seldom hits the first letter, and what begins otherwise may mean the opposite: `Inactive` is not `Active`.
    by_lower = {name.lower(): name for name in names if name.lower()[:1] == typed[:1]}
    near = difflib.get_close_matches(typed, by_lower, n=1, cutoff=0.5)
    hint = f" Did you mean `{by_lower[near[0]]}`?" if near else ""
    allowed_values = ", ".join(f"`{name}`" for name in names)
    return f'`{attribute}` cannot be "{shortened(value)}".{hint} Allowed values are {allowed_values}.'


def problem_with_number(attribute: str, value: Any, lowest: int) -> str | None:
    """Return why a number is not a whole number from `lowest` to the API's largest; None if it is."""
    if lowest <= value <= MAX_ID and value == int(value):
        return None
    problem = f"`{attribute}` is {shortened(value)}, but must be a whole number from {lowest} to {MAX_ID}."
    if attribute == "callback_id":
        return f"{problem} Use the id that ECGrid returned when the callback was registered."
    return f"{problem} Use the id that ECGrid shows." if attribute.endswith("_id") else problem


def refuse_number(diags: Diagnostics, config: Config, attribute: str, lowest: int, *, required: bool = False) -> None:
    """Add an error if a known number is not one that ECGrid can know, or if a required one turned out to be null."""
    value = config[attribute]
    if required and value is None:
        diags.add_error(f"Missing {attribute}", f"`{attribute}` is null. Set a value.", path=[attribute])
    if is_known(value) and (problem := problem_with_number(attribute, value, lowest)):
        diags.add_error(f"Invalid {attribute}", problem, path=[attribute])


def refuse_choice(diags: Diagnostics, config: Config, attribute: str, allowed: type[StrEnum]) -> None:
    """Add an error if a known value is not one of an enumeration."""
    value = config[attribute]
    if is_known(value) and (problem := problem_with_choice(attribute, value, allowed)):
        diags.add_error(f"Invalid {attribute}", problem, path=[attribute])


def refuse_date(diags: Diagnostics, config: Config, attribute: str) -> None:
    """Add an error if a known text names no instant."""
    if is_known(config[attribute]) and instant_of(config[attribute]) is None:
        diags.add_error(
            f"Invalid {attribute}",
            f'`{attribute}` is "{shortened(config[attribute])}", but must be a date and time with an offset (RFC '
            "3339), such as `2026-05-07T09:00:00Z` or `2026-05-07T11:00:00+02:00`.",
            path=[attribute],
        )


def instant_of(text: str) -> datetime | None:
    """Return the instant that an RFC 3339 text names; None for anything else, one without an offset included."""
    try:
        value = datetime.fromisoformat(text.upper())  # RFC 3339 takes `t` and `z` as well
    except ValueError:
        return None
    return value if value.tzinfo is not None and "T" in text.upper() else None
