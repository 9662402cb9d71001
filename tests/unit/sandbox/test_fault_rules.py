"""What a person may write after `--fault`: each rule does what it says, each slip is named."""

from __future__ import annotations

import contextlib
import re
import shlex
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terraform_provider_ecgrid.sandbox.fault_rules import FaultRuleError, parse
from terraform_provider_ecgrid.sandbox.faults import CALLS, Faults
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "rehearsing_a_bad_day.md"
CHANGE = {"callbackId": 7001, "status": "Active"}


def use(sandbox: Sandbox, *rules: str) -> None:
    for rule in rules:
        sandbox.faults.put(parse(rule))


def numbers(which: str, of: int = 12) -> list[int]:
    """Which of the first requests a rule hits."""
    faults = Faults()
    faults.put(parse(f"update:{which}:503"))
    return [number for number in range(1, of + 1) if faults.take("update")]


@pytest.mark.parametrize(
    ("which", "hit"),
    [
        ("1", [1]),
        ("3", [3]),
        ("2-2", [2]),
        ("1-3", [1, 2, 3]),
        ("10-12", [10, 11, 12]),
        ("11-", [11, 12]),
        ("*", list(range(1, 13))),
        ("100%", list(range(1, 13))),
    ],
)
def test_a_rule_hits_the_requests_that_it_names(which: str, hit: list[int]) -> None:
    assert numbers(which) == hit


def test_a_chance_repeats_itself_by_its_seed_and_gets_one_unless_it_has_one() -> None:
    assert numbers("20%@7", of=100) == numbers("20%@7", of=100)
    assert numbers("20%@7", of=100) != numbers("20%@8", of=100)
    rule = parse("*:2.5%:latency=2").rule
    assert re.fullmatch(r"\*:2\.5%@[0-9]+:latency=2", rule)
    assert parse(rule).rule == rule


def test_a_rule_counts_its_own_calls_alone() -> None:
    faults = Faults()
    faults.put(parse("create:2:503"))
    calls = ["create", "update", "delete", "create", "create"]
    assert [faults.take(call) is not None for call in calls] == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("503", (503, None)),
        ("200", (200, None)),
        ("429,Retry-After=7", (429, "RateLimitExceeded")),
        ("errorCode=DuplicateObject", (400, "DuplicateObject")),
        ("418,errorCode=Teapot", (418, "Teapot")),
        ("echo", (400, "InvalidParameter")),
        ("500,echo", (500, "InternalError")),
    ],
)
def test_an_error_is_sent_instead_of_carrying_the_call_out(
    sandbox: Sandbox, api: Api, what: str, expected: tuple[int, str | None]
) -> None:
    use(sandbox, f"update:1:{what}")
    answer = api.post("update", CHANGE)
    assert refusal(answer) == expected
    assert answer.headers.get("Retry-After") == ("7" if "Retry-After" in what else None)
    assert ("sandbox-key" in answer.text) is ("echo" in what)
    assert data(api.look(7001))["status"] == "Suspended"


def test_a_message_takes_the_rest_of_the_rule(sandbox: Sandbox, api: Api) -> None:
    use(sandbox, "update:1:400,errorCode=InvalidParameter,message=url: no, such=host,message=really")
    assert api.post("update", CHANGE).json()["message"] == "url: no, such=host,message=really"


def test_an_error_may_come_after_the_call_was_carried_out(sandbox: Sandbox, api: Api) -> None:
    use(sandbox, "update:1:500,carried-out")
    assert refusal(api.post("update", CHANGE)) == (500, "InternalError")
    assert data(api.look(7001))["status"] == "Active"


@pytest.mark.parametrize(("what", "status"), [("html", 502), ("html,200", 200), ("503,html,Retry-After=1", 503)])
def test_a_page_of_html_takes_the_answers_place(sandbox: Sandbox, api: Api, what: str, status: int) -> None:
    use(sandbox, f"queue-list:*:{what}")
    answer = api.post("queue-list")
    assert answer.status_code == status
    assert answer.headers.get_list("Content-Type") == ["text/html; charset=utf-8"]
    assert answer.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("what", "failure", "status"),
    [
        ("reset-before", httpx.ReadError, "Suspended"),
        ("reset-after", httpx.ReadError, "Active"),
        ("cut-off", httpx.RemoteProtocolError, "Active"),
        ("503,cut-off", httpx.RemoteProtocolError, "Suspended"),
        ("reset-after,latency=0.01", httpx.ReadError, "Active"),
    ],
)
def test_a_connection_breaks_before_or_after_the_call(
    sandbox: Sandbox, api: Api, what: str, failure: type[Exception], status: str
) -> None:
    use(sandbox, f"update:1:{what}")
    with pytest.raises(failure):
        api.post("update", CHANGE)
    assert data(api.look(7001))["status"] == status


def test_a_late_answer_is_late(sandbox: Sandbox, api: Api) -> None:
    use(sandbox, "update:2:latency=3600")
    data(api.post("update", CHANGE))
    with pytest.raises(httpx.ReadTimeout):
        api.post("update", CHANGE | {"status": "Preproduction"}, timeout=0.3)
    assert data(api.look(7001))["status"] == "Preproduction"


def test_of_several_rules_the_first_that_fits_is_used(sandbox: Sandbox, api: Api) -> None:
    use(sandbox, "update:2:503", "update:*:500")
    assert [api.post("update", CHANGE).status_code for _ in range(3)] == [500, 503, 500]


@pytest.mark.parametrize(
    ("rule", "part", "allowed"),
    [
        ("", "''", "CALL:WHICH:WHAT"),
        ("create:2", "'create:2'", "CALL:WHICH:WHAT"),
        ("creat:2:503", "'creat'", "create, delete, event-list"),
        ("Create:2:503", "'Create'", "create"),
        (":2:503", "''", "create"),
        ("create:0:503", "'0'", "2, 1-3, 2-, *"),
        ("create:-3:503", "'-3'", "1-3"),
        ("create:3-1:503", "'3-1'", "1-3"),
        ("create:1,2:503", "'1,2'", "1-3"),
        ("create:٣:503", "'٣'", "1-3"),
        ("create:0%:503", "'0%'", "above 0%"),
        ("create:101%:503", "'101%'", "at most 100%"),
        ("create:10%@:503", "'10%@'", "10%@42"),
        ("create:1:", "''", "latency=SECONDS"),
        ("create:1:503,", "''", "latency=SECONDS"),
        ("create:1:503, echo", "' echo'", "echo"),
        ("create:1:slow", "'slow'", "latency=SECONDS"),
        ("create:1:html=1", "'html=1'", "html"),
        ("create:1:retry-after=1", "'retry-after=1'", "Retry-After=1"),
        ("create:1:Retry After=1", "'Retry After=1'", "Retry-After=1"),
        ("create:1:99", "'99'", "200 to 599"),
        ("create:1:5030", "'5030'", "200 to 599"),
        ("create:1:204", "'204'", "except 204"),
        ("create:1:latency=0", "'latency=0'", "above 0"),
        ("create:1:latency=2s", "'latency=2s'", "seconds"),
        ("create:1:latency=3601", "'latency=3601'", "3600"),
        ("create:1:503,errorCode=", "'errorCode='", "InvalidParameter"),
        ("create:1:errorCode=Teapot", "'errorCode=Teapot'", "InternalError"),
        ("create:1:503,message=", "'message='", "printable"),
        ("create:1:503,message=a\nb", r"'message=a\nb'", "printable"),
        ("create:1:503,Retry-After=ä", "'Retry-After=ä'", "ASCII"),
        ("create:1:503,Content-Length=3", "'Content-Length=3'", "Transfer-Encoding"),
        ("create:1:503,content-length=3", "'content-length=3'", "a header"),
        ("create:1:503,504", "'504'", "once"),
        ("create:1:503,Retry-After=1,Retry-After=2", "'Retry-After=2'", "once"),
        ("create:1:reset-after,503", "'status'", "latency"),
        ("create:1:reset-after,reset-before", "'reset-before'", "latency"),
        ("create:1:html,echo", "'echo'", "status"),
        ("create:1:html,message=x", "'message'", "status"),
        ("create:1:html,errorCode=X", "'errorCode'", "status"),
        ("create:1:reset-after,Retry-After=1", "'Retry-After'", "latency"),
        ("create:1:echo,message=x", "'message'", "status"),
        ("create:1:carried-out", "'carried-out'", "status"),
        ("create:1:message=x", "'message'", "errorCode"),
    ],
)
def test_a_rule_that_cannot_be_used_is_one_sentence_that_names_the_part(rule: str, part: str, allowed: str) -> None:
    with pytest.raises(FaultRuleError) as refused:
        parse(rule)
    words = str(refused.value)
    assert words.startswith(part)
    assert allowed in words
    assert "\n" not in words


PIECES = st.sampled_from(
    ["503", "204", "html", "echo", "cut-off", "carried-out", "reset-after", "latency=1", "errorCode=InternalError",
     "errorCode=X", "message=m", "Retry-After=1", "Location=http://127.0.0.1:1/", "x"]
)  # fmt: skip


@given(
    st.one_of(
        st.text(),
        st.builds(
            lambda call, which, pieces: f"{call}:{which}:{','.join(pieces)}",
            st.sampled_from(["*", *sorted(CALLS)]),
            st.sampled_from(["*", "1", "2-", "1-3", "5%", "5%@1", "0"]),
            st.lists(PIECES, min_size=1, max_size=4),
        ),
    )
)
def test_whatever_is_written_is_a_rule_or_a_sentence(rule: str) -> None:
    try:
        fault = parse(rule)
    except FaultRuleError:
        return
    again = parse(fault.rule)
    assert again == fault, "a rule that was printed can be used again"


def rules_of_the_guide() -> list[str]:
    text = GUIDE.read_text(encoding="utf-8")
    command = [line for line in text.splitlines() if line.startswith("terraform-provider-ecgrid sandbox --fault")]
    used = [word for line in command for word in shlex.split(line) if ":" in word]
    return used + [shlex.split(rule)[0] for rule in re.findall(r"^\| `('[^`]+')` \|", text, re.MULTILINE)]


def test_every_rule_of_the_guide_can_be_used() -> None:
    rules = rules_of_the_guide()
    assert len(rules) > 5
    assert [parse(rule).rule for rule in rules] == rules


def test_the_guide_names_every_call_and_explains_parts_of_rules_alone() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [call for call in ("*", *CALLS) if f"`{call}`" not in text] == []
    explained = [row for row in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE) if not row.startswith("'")]
    assert {"html", "echo", "carried-out", "reset-before", "reset-after", "cut-off"} < set(explained)
    assert [part for part in explained if not is_part_of_a_rule(part)] == []


def is_part_of_a_rule(part: str) -> bool:
    for rule in (f"update:{part}:503", f"update:1:{part}", f"update:1:503,{part}"):
        with contextlib.suppress(FaultRuleError):
            parse(rule)
            return True
    return False
