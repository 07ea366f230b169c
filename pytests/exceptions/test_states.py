"""Which steps there are, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from runner.errors import ConfigurationError
from runner.workflow.exceptions.actor import checked_actor
from runner.workflow.exceptions.filters import parse_duration
from runner.workflow.exceptions.states import EVENTS, OPEN_STATUSES, STATUSES, TRANSITIONS, steps_to
from runner.workflow.suppressions import parse_expiry

NOW = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)


def test_only_the_steps_of_the_line_are_allowed() -> None:
    allowed = {(step.before, step.after) for status in STATUSES for step in steps_to(status)}
    assert allowed == {
        ("NEW", "ACKNOWLEDGED"),
        ("ACKNOWLEDGED", "IN_PROGRESS"),
        ("IN_PROGRESS", "RESOLVED"),
        ("IN_PROGRESS", "IGNORED"),
        ("RESOLVED", "NEW"),
        ("IGNORED", "NEW"),
    }
    assert set(EVENTS) == set(TRANSITIONS) == set(STATUSES)


def test_through_takes_each_step_between_and_none_back() -> None:
    for target, starts in (
        ("IN_PROGRESS", {"NEW", "ACKNOWLEDGED"}),
        ("RESOLVED", set(OPEN_STATUSES)),
        ("IGNORED", set(OPEN_STATUSES)),
    ):
        steps = steps_to(target, through=True)
        assert {step.start for step in steps} == starts
        for step in steps:
            assert step.after in TRANSITIONS[step.before]
        last = [step for step in steps if step.is_last]
        assert {step.after for step in last} == {target}
    whole = [step.after for step in steps_to("RESOLVED", through=True) if step.start == "NEW"]
    assert whole == ["ACKNOWLEDGED", "IN_PROGRESS", "RESOLVED"]


@pytest.mark.parametrize(
    ("text", "minutes"), [("30m", 30), ("12h", 720), (" 3D ", 4320), ("2 w", 20160)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "d", "3", "3x", "-3d", "0d", "1.5d", "3 days", "999999999w", "٣d"]
)
def test_another_duration_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("2026-06-01", "2026-06-02T00:00:00+00:00"),
        ("2026-06-01T13:00", "2026-06-01T13:00:00+00:00"),
        ("2026-06-01T13:00:00Z", "2026-06-01T13:00:00+00:00"),
        ("2026-06-01T13:00:00-03:00", "2026-06-01T16:00:00+00:00"),
        ("14d", "2026-06-15T12:00:00+00:00"),
    ],
)
def test_an_expiry_is_a_day_a_time_or_a_duration(text: str, expires: str) -> None:
    assert parse_expiry(text, NOW) == datetime.fromisoformat(expires)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-05-31", "is in the past"),
        ("2026-06-01T11:59", "is in the past"),
        ("2026-02-30", "is not a valid expiry"),
        ("soon", "is not a valid expiry"),
        ("", "is not a valid expiry"),
        ("9999-12-31", "is not a valid expiry"),
        ("-1d", "is not a valid expiry"),
    ],
)
def test_another_expiry_is_refused(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        parse_expiry(text, NOW)


@pytest.mark.parametrize("name", ["", "  ", "run", " Run ", "\u00a0", "r\u200bun", "ada\x1b[2J"])
def test_nobody_is_called_so(name: str) -> None:
    with pytest.raises(ConfigurationError, match="not a valid user name"):
        checked_actor(name)
