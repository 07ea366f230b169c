"""The states of an exception and the steps between them."""

from dataclasses import dataclass

STATUSES = ("NEW", "ACKNOWLEDGED", "IN_PROGRESS", "RESOLVED", "IGNORED")
OPEN_STATUSES = ("NEW", "ACKNOWLEDGED", "IN_PROGRESS")
SEVERITIES = ("CRITICAL", "ERROR", "WARNING")
TYPES = (
    *("PARSE_ERROR", "VALIDATION_ERROR", "TRANSFORM_ERROR", "DQ_FAILURE", "RECON_MISMATCH"),
    *("METRIC_DRIFT", "LOAD_REJECT"),
)
ACTIONS = ("ACCEPTED", "CORRECTED", "REJECTED")
TRANSITIONS = {
    "NEW": ("ACKNOWLEDGED",),
    "ACKNOWLEDGED": ("IN_PROGRESS",),
    "IN_PROGRESS": ("RESOLVED", "IGNORED"),
    "RESOLVED": ("NEW",),
    "IGNORED": ("NEW",),
}
"""Statuses that a user can give an exception, by its current status."""
EVENTS = {
    "NEW": "REOPENED",
    "ACKNOWLEDGED": "ACKNOWLEDGED",
    "IN_PROGRESS": "STARTED",
    "RESOLVED": "RESOLVED",
    "IGNORED": "IGNORED",
}
"""Event of each status that a user gives an exception."""


@dataclass(frozen=True)
class Step:
    """One event on the way of an exception from status `start` to the requested status.

    Attributes:
        place: Position on that way, from 0.
        is_last: Whether it leads to the requested status.
    """

    start: str
    place: int
    event: str
    before: str
    after: str
    is_last: bool


def steps_to(target: str, through: bool = False) -> tuple[Step, ...]:
    """The steps to a status, from each status that has a way to it.

    Args:
        target: One of STATUSES.
        through: Take the steps in between as well, from any open status before it.
    """
    return tuple(
        Step(
            start=start,
            place=place,
            event=EVENTS[after],
            before=way[place],
            after=after,
            is_last=after == target,
        )
        for start in STATUSES
        if (way := _way(start, target, through))
        for place, after in enumerate(way[1:])
    )


def _way(start: str, target: str, through: bool) -> tuple[str, ...]:
    """Statuses from start to target, both included; empty if there is no way."""
    if target in TRANSITIONS[start]:
        return (start, target)
    if not through or start not in OPEN_STATUSES or target not in STATUSES:
        return ()
    between = (after for after in TRANSITIONS[start] if after in OPEN_STATUSES)
    rest = next((way for after in between if (way := _way(after, target, through))), ())
    return (start, *rest) if rest else ()


def steps_within(event: str, statuses: tuple[str, ...]) -> tuple[Step, ...]:
    """Steps of an event that does not change the status, one for each status that allows it."""
    return tuple(Step(status, 0, event, status, status, True) for status in statuses)
