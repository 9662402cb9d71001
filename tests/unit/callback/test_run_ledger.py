"""What a provider process remembers of the callbacks that it has seen, asked by many threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from terraform_provider_ecgrid.callback.run_ledger import Journal


def test_the_way_out_of_a_state_that_was_seen_is_known_and_the_last_one_counts() -> None:
    journal = Journal()
    assert journal.on_destroy(7001) is None
    journal.saw(7001, "delete")
    journal.saw(7001, "retain")
    journal.saw(7002, None)
    assert (journal.on_destroy(7001), journal.on_destroy(7002)) == ("retain", "")


def test_the_second_plan_of_one_callback_is_told_from_the_first() -> None:
    journal = Journal()
    assert [journal.plans(number) for number in (7001, 7002, 7001, 7001)] == [False, False, True, True]


def test_an_end_and_a_plan_of_one_callback_are_seen_in_either_order() -> None:
    journal = Journal()
    journal.plans(7001)
    assert (journal.ends(7001), journal.ends(7002)) == (True, False)
    assert (journal.is_ended(7001), journal.is_ended(7002), journal.is_ended(7003)) == (True, True, False)


def test_a_saying_is_new_once() -> None:
    journal = Journal()
    assert [journal.first_time(words) for words in ("a", "b", "a")] == [True, True, False]


def test_what_generated_configuration_lacks_is_told_once() -> None:
    journal = Journal()
    journal.leaves_out(7001, iter(["No event.", "No status."]))
    assert journal.take_left_out(7002) == ()
    assert journal.take_left_out(7001) == ("No event.", "No status.")
    assert journal.take_left_out(7001) == ()


def test_of_many_plans_at_once_exactly_one_is_the_first() -> None:
    journal = Journal()
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(journal.plans, [7001] * 64))
        first = list(pool.map(journal.first_time, ["not ready"] * 64))
    assert (again.count(False), first.count(True)) == (1, 1)
