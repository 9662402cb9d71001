"""A 429 makes every thread of the process wait, a little more than it asks for, and a stop ends the wait."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api._pause import SPREAD, Pause
from terraform_provider_ecgrid.api.requests import CreateCallback
from tests.unit.api.support import Patience, Script, client_of, ok, refusal

PAGE = {"totalRecords": 0, "queueEntries": []}


@pytest.mark.parametrize("seconds", [1, 120])
def test_after_a_429_a_little_more_than_retry_after_is_waited(seconds: int) -> None:
    patience = Patience()
    script = Script(refusal(429, **{"Retry-After": str(seconds)}), ok(PAGE))
    client_of(script, stop=patience).queue_list()
    assert len(patience.waits) == 1
    assert 0.9 * seconds < patience.waits[0] <= (1 + SPREAD) * seconds


def test_a_429_of_one_call_makes_every_other_one_wait() -> None:
    patience = Patience()
    client = client_of(Script(refusal(429, **{"Retry-After": "50"}), ok(PAGE)), stop=patience, max_retries=1)
    client.queue_list()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.queue_list(), range(8)))
    assert len(patience.waits) == 9
    assert all(40 < wait <= 50 * (1 + SPREAD) for wait in patience.waits)
    assert len(set(patience.waits)) == 9


def test_a_pause_that_is_made_longer_while_it_is_waited_for_is_waited_for_to_its_end() -> None:
    pause = Pause()

    class Lengthened(Patience):
        def wait(self, timeout: float | None = None) -> bool:
            if not self.waits:
                pause.hold(70)
            return super().wait(timeout)

    patience = Lengthened()
    pause.hold(10)
    assert pause.wait(patience) is False
    assert [round(wait) >= most for wait, most in zip(patience.waits, [10, 70], strict=True)] == [True, True]
    pause.hold(5)
    assert pause.wait(patience) is False
    assert patience.waits[-1] > 60


def test_a_stop_during_a_pause_sends_nothing() -> None:
    script = Script(refusal(429, **{"Retry-After": "50"}))
    client = client_of(script, stop=Patience(), max_retries=0)
    with pytest.raises(errors.RateLimited):
        client.queue_list()
    with pytest.raises(errors.RateLimited):
        client.queue_list()
    stopped = Script(refusal(429, **{"Retry-After": "50"}))
    client = client_of(stopped, stop=(patience := Patience(stop_while_waiting=True)))
    with pytest.raises(errors.Stopped):
        client.queue_list()
    with pytest.raises(errors.Stopped) as caught:
        client.create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert len(stopped.requests) == 1
    assert len(patience.waits) == 2
    assert "was not sent" in str(caught.value)
    assert not caught.value.may_have_been_carried_out
