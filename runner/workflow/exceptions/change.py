"""Changes of exceptions: the steps of each, by the status it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runner.workflow.exceptions.states import OPEN_STATUSES, STATUSES, Step, steps_to, steps_within


@dataclass(frozen=True)
class Change:
    """A change of exceptions.

    Attributes:
        name: Name of the command: ack, start, resolve, …
        steps: Its events, from each status it can start from.
        target: The new status, None if the status does not change.
        action: How the exceptions are resolved: one of ACTIONS.
        assigns: Whether it sets the assignee.
        assigned_to: The assignee, None for nobody.
        blocks: Whether it blocks (True) or unblocks (False); None for neither.
        retries: Whether it requests another attempt and resets the number of attempts.
        retry_at: When that attempt is due, None for at once.
    """

    name: str
    steps: tuple[Step, ...]
    target: str | None = None
    action: str | None = None
    assigns: bool = False
    assigned_to: str | None = None
    blocks: bool | None = None
    retries: bool = False
    retry_at: datetime | None = None

    @property
    def starts(self) -> tuple[str, ...]:
        """Statuses it can start from."""
        return tuple(dict.fromkeys(step.start for step in self.steps))


def acknowledge() -> Change:
    """Acknowledge exceptions."""
    return Change("ack", steps_to("ACKNOWLEDGED"), "ACKNOWLEDGED")


def start(through: bool = False) -> Change:
    """Start work on exceptions."""
    return Change("start", steps_to("IN_PROGRESS", through), "IN_PROGRESS")


def resolve(action: str, through: bool = False) -> Change:
    """Resolve exceptions.

    Args:
        action: ACCEPTED (only mismatches and lines rejected at load), CORRECTED or REJECTED.
    """
    return Change("resolve", steps_to("RESOLVED", through), "RESOLVED", action=action)


def ignore(through: bool = False) -> Change:
    """Ignore exceptions; they still count for the gate."""
    return Change("ignore", steps_to("IGNORED", through), "IGNORED")


def reopen() -> Change:
    """Reopen resolved or ignored exceptions."""
    return Change("reopen", steps_to("NEW"), "NEW")


def assign(to: str | None) -> Change:
    """Assign exceptions to a user, or to nobody with None."""
    steps = steps_within("ASSIGNED", OPEN_STATUSES)
    return Change("assign", steps, assigns=True, assigned_to=to)


def block() -> Change:
    """Block exceptions from further attempts; the note is the reason."""
    return Change("block", steps_within("BLOCKED", STATUSES), blocks=True)


def unblock() -> Change:
    """Allow further attempts again."""
    return Change("unblock", steps_within("UNBLOCKED", STATUSES), blocks=False)


def retry(at: datetime | None = None) -> Change:
    """Request another attempt and reset the number of attempts; unblocks.

    Args:
        at: When the attempt is due, None for at once. Until then there is none.
    """
    return Change("retry", steps_within("RETRIED", STATUSES), retries=True, retry_at=at)
