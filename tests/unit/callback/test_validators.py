"""What is wrong with one value: the variants of each check, and that the sentence says how to fix it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status
from terraform_provider_ecgrid.callback import validators as problems
from terraform_provider_ecgrid.callback.schema import OnDestroy


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example.com",
        "HTTPS://app.example.com:8443/a?b=c#d",
        "https://127.0.0.1/hook",
        "https://[::1]:443/hook",
        "https://bücher.example/hook",
        "https://app.example.com/a@b?c=d@e",
    ],
)
def test_a_url_that_ecgrid_can_be_given(url: str) -> None:
    assert problems.problem_with_url(url) is None


@pytest.mark.parametrize(
    ("url", "problem", "fix"),
    [
        ("http://app.example.com/0k3n", "not an HTTPS URL", "Start the URL with `https://`"),
        ("app.example.com/0k3n", "not an HTTPS URL", "Start the URL with `https://`"),
        ("//app.example.com/0k3n", "not an HTTPS URL", "Start the URL with `https://`"),
        ("https://", "no valid host", "Write it like"),
        ("https:///0k3n", "no valid host", "Write it like"),
        ("https:app.example.com/0k3n", "no valid host", "Write it like"),
        ("https://:443/0k3n", "no valid host", "Write it like"),
        ("https://?0k3n", "no valid host", "Write it like"),
        ("https://app.example.com\\0k3n", "no valid host", "Write it like"),
        ("https://app.example.com%2F0k3n", "no valid host", "Write it like"),
        ("https://app.example.com;0k3n/", "no valid host", "Write it like"),
        ("https://app.example.com/0k3n ", "ends in the character U+0020 (SPACE)", "Remove it"),
        ("https://app.example.com/0k3n\n", "ends in the character U+000A", "Remove it"),
        (" https://app.example.com/0k3n", "begins with the character U+0020 (SPACE)", "Remove it"),
        (
            "\ufeffhttps://app.example.com/0k3n",
            "begins with the character U+FEFF (ZERO WIDTH NO-BREAK SPACE)",
            "Remove",
        ),
        ("https://app.example.com/a 0k3n", "contains the character U+0020 (SPACE) after its first 25 ", "%20"),
        ("https://app.example.com/\u200b0k3n", "contains the character U+200B (ZERO WIDTH SPACE)", "Remove it"),
        ("https://app.exa\nmple.com/0k3n", "contains the character U+000A", "Remove it"),
        ("https://app.example.com:0k3n/", "is not a number from 0 to 65535", "Correct it"),
        ("https://app.example.com:99999/0k3n", "is not a number from 0 to 65535", "Correct it"),
        ("https://[0k3n", "not a URL", "Write it like"),
        ("https://user:0k3n@app.example.com/", "contains credentials", "Remove them from the URL"),
        ("https://0k3n@app.example.com/", "contains credentials", "`username` and `password_wo`"),
        ("", "`url` is empty", "Write it like"),
        ("https://@app.example.com/0k3n", "contains credentials", "Remove them from the URL"),
    ],
)
def test_a_url_that_ecgrid_cannot_be_given_is_never_quoted(url: str, problem: str, fix: str) -> None:
    said = problems.problem_with_url(url) or ""
    assert problem in said
    assert fix in said
    assert "0k3n" not in said


@pytest.mark.parametrize(
    ("value", "allowed", "near"),
    [
        ("parcel", Objects, "Parcel"),
        ("Parcels", Objects, "Parcel"),
        ("EcgridId", Objects, "ECGridID"),
        ("Supended", Status, "Suspended"),
        ("suspend", Status, "Suspended"),
        ("ACTIVE", Status, "Active"),
        ("basic", HttpAuthType, "Basic"),
        ("Retain", OnDestroy, "retain"),
        ("remove", OnDestroy, None),
        ("Bearer", HttpAuthType, None),
        (" active", Status, "Active"),
        # The opposite is not meant, however near it is spelled.
        *((opposite, Status, None) for opposite in ("Inactive", "Deactivated", "Unsuspended")),
        ("", Status, None),
    ],
)
def test_a_value_outside_an_enumeration_names_the_nearest_and_all_that_are_allowed(
    value: str, allowed: Any, near: str | None
) -> None:
    said = problems.problem_with_choice("attribute", value, allowed) or ""
    assert f'`attribute` cannot be "{value}"' in said
    assert ("Did you mean" in said) is (near is not None)
    assert near is None or f"Did you mean `{near}`?" in said
    assert "Allowed values are " + ", ".join(f"`{member.value}`" for member in allowed) in said


@pytest.mark.parametrize("allowed", [Objects, Status, HttpAuthType, OnDestroy])
def test_every_value_of_an_enumeration_is_allowed(allowed: Any) -> None:
    assert [problems.problem_with_choice("attribute", member.value, allowed) for member in allowed] == [None] * len(
        allowed
    )


@pytest.mark.parametrize("value", [1, 7001, 2147483647, Decimal("7001"), 7001.0])
def test_a_whole_number_that_is_an_id(value: Any) -> None:
    assert problems.problem_with_number("callback_id", value, 1) is None


@pytest.mark.parametrize("value", [0, -1, 2147483648, 10**30, 0.5, Decimal("7001.5"), float("inf")])
def test_a_number_that_is_no_id_says_which_are(value: Any) -> None:
    said = problems.problem_with_number("callback_id", value, 1) or ""
    assert f"`callback_id` is {value}, " in said
    assert "a whole number from 1 to 2147483647" in said


def test_a_scope_may_be_zero_and_an_id_may_not() -> None:
    assert problems.problem_with_number("mailbox_id", 0, 0) is None
    assert "from 0 to" in (problems.problem_with_number("mailbox_id", -1, 0) or "")


@pytest.mark.parametrize("value", [None, Unknown])
def test_what_is_null_or_unknown_is_left_to_apply(value: Any) -> None:
    diags = Diagnostics()
    problems.refuse_number(diags, {"limit": value}, "limit", 1)
    problems.refuse_choice(diags, {"event": value}, "event", Objects)
    assert diags.diagnostics == []


def test_a_refusal_of_one_argument_points_at_it() -> None:
    diags = Diagnostics()
    problems.refuse_number(diags, {"limit": 0}, "limit", 1)
    problems.refuse_choice(diags, {"event": "Parcell"}, "event", Objects)
    assert [(one.severity, one.summary, one.path) for one in diags.diagnostics] == [
        ("error", "Invalid limit", ["limit"]),
        ("error", "Invalid event", ["event"]),
    ]


@pytest.mark.parametrize(
    ("refuse", "attribute", "value", "quoted"),
    [
        (
            lambda diags, config: problems.refuse_choice(diags, config, "event", Objects),
            "event",
            "https://app.example.com/0k3n?0k3n",
            '"https://app.example.com/…"',
        ),
        (
            lambda diags, config: problems.refuse_date(diags, config, "end_date"),
            "end_date",
            "HTTPS://u:0k3n@app.example.com\\0k3n",
            '"a URL that cannot be read"',
        ),
        (lambda diags, config: problems.refuse_number(diags, config, "limit", 1), "limit", 0, "`limit` is 0"),
        (
            lambda diags, config: problems.refuse_date(diags, config, "begin_date"),
            "begin_date",
            "2026-05-07",
            '"2026-05-07"',
        ),
    ],
)
def test_a_refusal_quotes_what_is_wrong_and_advises_for_nothing_else(
    refuse: Any, attribute: str, value: Any, quoted: str
) -> None:
    diags = Diagnostics()
    refuse(diags, {attribute: value})
    (error,) = diags.diagnostics
    assert quoted in (error.detail or "")
    assert "0k3n" not in (error.detail or ""), "it may be a callback's URL in the wrong place"
    assert "ECGrid shows" not in (error.detail or ""), "that is where an id is found"
