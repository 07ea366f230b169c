"""What can be done to an exception: the steps of each change, from where to where."""

from __future__ import annotations

from dataclasses import dataclass

from runner.workflow.exceptions.states import OPEN_STATUSES, STATUSES, Step, steps_to, steps_within


@dataclass(frozen=True)
class Change:
    """Something to do to exceptions.

    Attributes:
        name: What people call it: ack, start, resolve, …
        steps: Its events, from each status it may begin in.
        target: Status it leads to, None where the status stays.
        action: How it is resolved: one of ACTIONS.
        assigns: Whether it says who is on it.
        assigned_to: Who that is, None for nobody.
        blocks: Whether it blocks (True) or unblocks (False); None for neither.
        retries: Whether it asks for another attempt and forgives those made.
    """

    name: str
    steps: tuple[Step, ...]
    target: str | None = None
    action: str | None = None
    assigns: bool = False
    assigned_to: str | None = None
    blocks: bool | None = None
    retries: bool = False

    @property
    def starts(self) -> tuple[str, ...]:
        """Statuses it may begin in."""
        return tuple(dict.fromkeys(step.start for step in self.steps))


def acknowledge() -> Change:
    """Say that it was seen."""
    return Change("ack", steps_to("ACKNOWLEDGED"), "ACKNOWLEDGED")


def start(through: bool = False) -> Change:
    """Begin to work on it."""
    return Change("start", steps_to("IN_PROGRESS", through), "IN_PROGRESS")


def resolve(action: str, through: bool = False) -> Change:
    """Say how it was settled.

    Args:
        action: ACCEPTED (only mismatches and lines rejected at load), CORRECTED or REJECTED.
    """
    return Change("resolve", steps_to("RESOLVED", through), "RESOLVED", action=action)


def ignore(through: bool = False) -> Change:
    """Say that nobody will work on it; for the gate it counts all the same."""
    return Change("ignore", steps_to("IGNORED", through), "IGNORED")


def reopen() -> Change:
    """Take a resolution back."""
    return Change("reopen", steps_to("NEW"), "NEW")


def assign(to: str | None) -> Change:
    """Say who is on it, None for nobody."""
    steps = steps_within("ASSIGNED", OPEN_STATUSES)
    return Change("assign", steps, assigns=True, assigned_to=to)


def block() -> Change:
    """Have it not tried again; the note says why."""
    return Change("block", steps_within("BLOCKED", STATUSES), blocks=True)


def unblock() -> Change:
    """Let it be tried again."""
    return Change("unblock", steps_within("UNBLOCKED", STATUSES), blocks=False)


def retry() -> Change:
    """Ask for another attempt, with all attempts before it again; unblocks."""
    return Change("retry", steps_within("RETRIED", STATUSES), retries=True)
