"""The parts of an explanation."""

from dataclasses import dataclass, field

Trait = tuple[str, str | None]
"""Name of a column and its value as text; None for NULL."""


@dataclass(frozen=True)
class Cause:
    """A value that failing records have in common.

    Attributes:
        entity: Entity of the records.
        column: Column of the base relation, `source_file`, or a timestamp followed by ` (day)`.
        value: The value as text, None for NULL.
        same_records: Other columns and values with exactly the same records, such as the file of a
            batch.
    """

    entity: str
    column: str
    value: str | None
    same_records: tuple[Trait, ...] = ()


@dataclass(frozen=True)
class CommonTrait:
    """How well a cause explains one check; shares are of the compared records.

    Attributes:
        failing: Failing records that have the value.
        failing_total: Failing records compared.
        passing: Records that pass this check and have the value.
        passing_total: Records compared that pass this check.
        chance: Upper bound of the probability, 0 to 1, that any value is as significant without
            being a cause: Hoeffding's bound of the hypergeometric tail, times the number of values
            and checks that were tried.
        failing_share: Share of the failing records that have the value, 0 to 1.
        passing_share: Share of the others that have it, 0 to 1.
        lift: failing_share divided by passing_share; None if no other record has the value.
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
        exceptions: Number of failures, including those beyond the cap of exceptions.
        sample: Keys of a few records.
        found: The most frequent values, with their number.
        column: Column of the check, None if it has none or several.
        trait: What the records have in common, None in a group without a cause.
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
    """The next step for exceptions.

    Attributes:
        exception_types: The types of exceptions it applies to.
        advice: One sentence.
        commands: Commands to copy; words in capitals are placeholders.
    """

    exception_types: tuple[str, ...]
    advice: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Exceptions with one likely cause, or without one.

    Attributes:
        exceptions: About how many exceptions the cause explains, extrapolated from the sample if
            records were sampled.
        checks: Its checks, by falling number of exceptions.
    """

    cause: Cause | None
    exceptions: int
    checks: tuple[FailingCheck, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Explanation:
    """The selected open exceptions of a dataset, grouped by cause.

    Attributes:
        exceptions: Number of failures, without suppressed ones.
        groups: Groups with a cause first, the largest first.
        looked_at: Number of failing and of other records compared.
        is_sampled: Whether only a sample was compared.
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
