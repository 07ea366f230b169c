"""Twenty people at once: no change is lost, and who came too late is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from runner.errors import ConflictError
from runner.workflow.exceptions.apply import apply_change
from runner.workflow.exceptions.change import Change, acknowledge, assign
from runner.workflow.exceptions.choice import choose
from runner.workflow.exceptions.filters import Filter

from ..conftest import MakePipeline
from .conftest import LOST, Shop, make_shop

PEOPLE = 20
CHECK = "order_status_known"


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline)


def at_once(shop: Shop, tasks: list[tuple[Filter, Change]]) -> list[int]:
    """Each change on a connection of its own, all chosen before the first is carried out.

    Returns: How many exceptions each changed, -1 for those that were told they came too late.
    """
    barrier = Barrier(len(tasks))

    def work(number: int) -> int:
        wanted, change = tasks[number]
        with shop.service() as database:
            choice = choose(database, wanted, change)
            barrier.wait(60)
            try:
                return apply_change(database, choice, f"person-{number}")
            except ConflictError:
                return -1

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(work, range(len(tasks))))


def one(shop: Shop, key: str) -> Filter:
    return Filter(ids=(UUID(shop.id(CHECK, key)),))


def test_of_twenty_changes_of_one_exception_the_first_holds_and_the_others_are_told(
    shop: Shop,
) -> None:
    wanted = one(shop, "O-01")
    done = at_once(shop, [(wanted, assign(f"person-{number}")) for number in range(PEOPLE)])
    assert sorted(done) == [-1] * (PEOPLE - 1) + [1]
    winner = f"person-{done.index(1)}"
    found = shop.exception(CHECK, "O-01")
    assert found["assigned_to"] == winner
    (identity,) = wanted.ids
    assert shop.events(str(identity))[1:] == [("ASSIGNED", winner, None, None, None)]


def test_twenty_changes_of_different_exceptions_all_hold(shop: Shop) -> None:
    chosen = LOST[1 : 1 + PEOPLE]
    done = at_once(shop, [(one(shop, key), assign(key)) for key in chosen])
    assert done == [1] * PEOPLE
    assert {key: shop.exception(CHECK, key)["assigned_to"] for key in chosen} == {
        key: key for key in chosen
    }


def test_choices_that_overlap_never_wait_for_each_other_in_a_circle(shop: Shop) -> None:
    """Each of twenty chooses some of the same records, in ever other parts of them."""
    check = "payment_order_exists"
    keys = [f"P-{order}" for order in LOST]
    tasks = [
        (
            Filter(checks=(check,), keys=tuple(keys[number % 5 :: 2 + number % 3])),
            assign(f"person-{number}"),
        )
        for number in range(PEOPLE)
    ]
    done = at_once(shop, tasks)
    assert any(count > 0 for count in done)
    held: dict[str, set[str]] = {}
    for number, count in enumerate(done):
        if count > 0:
            held[f"person-{number}"] = set(tasks[number][0].keys)
            assert count == len(held[f"person-{number}"])
    for person, theirs in held.items():
        for other, others in held.items():
            # All chose before the first changed anything, so no record was changed twice.
            assert person == other or not theirs & others
        for key in theirs:
            assert shop.exception(check, key)["assigned_to"] == person
    events = shop.pipeline.query(
        "select count(*) from quality.exception_events where event = 'ASSIGNED'"
        " and exception_id in (select exception_id from quality.exceptions where check_id = %s)",
        [check],
    )
    assert events == [(sum(map(len, held.values())),)]


def test_twenty_commands_as_processes_lose_no_update(shop: Shop) -> None:
    """Ten acknowledge one exception, ten an exception each."""
    own = LOST[10:20]
    same = shop.id(CHECK, "O-24")
    commands = [("exceptions", "ack", same, "--by", f"person-{n}") for n in range(10)]
    commands += [("exceptions", "ack", shop.id(CHECK, key), "--by", key) for key in own]
    processes = [shop.start(*command) for command in commands]
    said = [process.communicate(timeout=240) for process in processes]
    codes = [process.returncode for process in processes]
    assert codes[10:] == [0] * 10, said[10:]
    assert sorted(codes[:10]) == [0] + [2] * 9, said[:10]
    winner = f"person-{codes[:10].index(0)}"
    changes = [event for event in shop.events(same) if event[0] == "ACKNOWLEDGED"]
    assert changes == [("ACKNOWLEDGED", winner, "NEW", "ACKNOWLEDGED", None)]
    for code, (_, errors) in zip(codes[:10], said[:10], strict=True):
        told = "changed meanwhile" in errors or "From ACKNOWLEDGED it can become" in errors
        assert code == 0 or told, errors
    for key in own:
        assert shop.exception(CHECK, key)["status"] == "ACKNOWLEDGED"
        assert shop.events(shop.id(CHECK, key))[-1][:2] == ("ACKNOWLEDGED", key)


def test_the_service_is_not_blocked_by_one_who_thinks(shop: Shop) -> None:
    """Choosing holds no lock while a person is asked to confirm."""
    wanted = one(shop, "O-23")
    with shop.service() as slow, shop.service() as quick:
        thinking = choose(slow, wanted, acknowledge())
        quick.connection.execute("set lock_timeout = '2s'")
        assert apply_change(quick, choose(quick, wanted, acknowledge()), "quick") == 1
        try:
            apply_change(slow, thinking, "slow")
        except ConflictError as error:
            assert "last changed by quick" in error.message
        else:
            raise AssertionError("slow was not told")
