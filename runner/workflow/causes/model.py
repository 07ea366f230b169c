"""The parts of an explanation."""

from dataclasses import dataclass, field

Trait = tuple[str, str | None]
"""Name of a column and its value as text; None where it is empty."""


@dataclass(frozen=True)
class Cause:
    """A value that failing records have in common.

    Attributes:
        entity: Entity of the records.
        column: Column of the base relation, `source_file`, or a time with ` (day)` behind it.
        value: The value as text, None for an empty one.
        same_records: Other columns and values that stand for exactly the same records, such as the
            file of a batch.
    """

    entity: str
    column: str
    value: str | None
    same_records: tuple[Trait, ...] = ()


@dataclass(frozen=True)
class CommonTrait:
    """How far a cause goes for one check; shares are of the records looked at.

    Attributes:
        failing: Failing records that have it.
        failing_total: Failing records looked at.
        passing: Records not failing this check that have it.
        passing_total: Such records looked at.
        chance: Upper bound of the probability, 0 to 1, that any value at all stands out as far
            where none is a cause: Hoeffding's bound of the hypergeometric tail, times the number of
            values and checks that were tried.
        failing_share: Share of the failing records that have it, 0 to 1.
        passing_share: Share of the others that have it, 0 to 1.
        lift: How many times as common among the failing ones; None where no other record has it.
    """

    failing: int
    failing_total: int
    passing: int
    passing_total: int
    chance: float
    failing_share: float = field(init=False)
    passing_share: float = field(init=False)
    lift: float | None = field(init=False)

    def __post_init__(self) -> None:
        failing_share = self.failing / self.failing_total
        passing_share = self.passing / self.passing_total
        object.__setattr__(self, "failing_share", failing_share)
        object.__setattr__(self, "passing_share", passing_share)
        object.__setattr__(self, "lift", failing_share / passing_share if self.passing else None)


@dataclass(frozen=True)
class FailingCheck:
    """The open exceptions of one check.

    Attributes:
        exceptions: How many failures there are, those beyond the cap of exceptions included.
        sample: Keys of a few records.
        found: The values found most often, with their number.
        column: Column the check is about, None if it is about none or several.
        trait: What the records have in common with each other, None in a group without a cause.
    """

    check_id: str
    entity: str
    exception_type: str
    severity: str
    exceptions: int
    sample: tuple[str, ...] = ()
    found: tuple[tuple[str, int], ...] = ()
    column: str | None = None
    trait: CommonTrait | None = None


@dataclass(frozen=True)
class Action:
    """What to do next about exceptions.

    Attributes:
        exception_types: The types it is for.
        advice: One sentence.
        commands: Commands to copy; words in capitals are for the reader to fill in.
    """

    exception_types: tuple[str, ...]
    advice: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Exceptions with one likely cause, or with none that could be named.

    Attributes:
        exceptions: About how many exceptions the cause accounts for; where records were sampled,
            the share of the sample applied to all.
        checks: The checks it is about, the most exceptions first.
    """

    cause: Cause | None
    exceptions: int
    checks: tuple[FailingCheck, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Explanation:
    """All open exceptions of a dataset that were asked about.

    Attributes:
        exceptions: How many failures there are, suppressed ones left out.
        groups: Those with a cause first, the largest first.
        looked_at: Failing records, and others, that were looked at.
        is_sampled: Whether those were a sample rather than all.
    """

    dataset: str
    exceptions: int
    groups: tuple[Group, ...]
    looked_at: tuple[int, int]
    is_sampled: bool

    @property
    def causes(self) -> tuple[Group, ...]:
        """Groups that have a cause."""
        return tuple(group for group in self.groups if group.cause is not None)
