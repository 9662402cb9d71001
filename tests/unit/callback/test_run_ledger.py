"""What a run remembers of the callbacks that it has seen, asked by many threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from terraform_provider_ecgrid.callback.run_ledger import RunLedger


def test_of_two_states_of_one_callback_the_one_that_ends_it_counts() -> None:
    ledger = RunLedger()
    assert ledger.on_destroy_of(7001) is None
    ledger.note_state(7001, "retain")
    ledger.note_state(7001, "suspend")
    ledger.note_state(7001, "retain")
    ledger.note_state(7002, None)
    assert (ledger.on_destroy_of(7001), ledger.on_destroy_of(7002)) == ("suspend", "")


def test_of_many_notes_at_once_exactly_one_is_the_first() -> None:
    ledger = RunLedger()
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(ledger.note_held, [7001] * 64))
        warned = list(pool.map(ledger.note_warned, ["not ready"] * 64))
    assert (held.count(False), warned.count(False)) == (1, 1)
    assert ledger.note_held(7002) is ledger.note_warned("something else") is False


def test_a_question_changes_no_answer() -> None:
    ledger = RunLedger()
    assert [ledger.is_held(7001), ledger.is_lost(7001), ledger.unusable_of(7001)] * 2 == [False, False, ()] * 2
    ledger.note_held(7001)
    ledger.note_lost(7002)
    ledger.note_unusable(7003, iter(["No event.", "No status."]))
    for _ in range(2):
        assert [ledger.is_held(number) for number in (7001, 7002)] == [True, False]
        assert [ledger.is_lost(number) for number in (7001, 7002)] == [False, True]
        assert ledger.unusable_of(7003) == ("No event.", "No status.")
