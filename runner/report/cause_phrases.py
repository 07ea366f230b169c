"""Causes as phrases."""

from runner.workflow.causes.model import Cause, CommonTrait, Trait

ONE_IN_A_MILLION = 1e-6
_NAMES = {"_batch_id": "batch", "source_file": "file", "_worker_id": "worker"}


def cause_phrase(cause: Cause) -> str:
    """`batch B-7 of payments (file f.csv)`."""
    same = ", ".join(map(trait_phrase, cause.same_records))
    what = trait_phrase((cause.column, cause.value))
    return f"{what} of {cause.entity}" + (f" ({same})" if same else "")


def trait_phrase(trait: Trait) -> str:
    """`worker 3`, `method empty`, `paid_at on 2026-03-17`, `loaded on 2026-03-17`."""
    column, value = trait
    shown = "empty" if value is None else value or "''"
    if column.endswith(" (day)"):
        name = column.removesuffix(" (day)")
        return f"{'loaded' if name == '_loaded_at' else name} on {shown}"
    return f"{_NAMES.get(column, column)} {shown}"


def shares_phrase(trait: CommonTrait) -> str:
    """`40 of 42 failing (95 %), 25 % of the others, 3.8 times as common`."""
    times = "none of the others" if trait.lift is None else f"{_times(trait.lift)} times as common"
    others = "" if trait.lift is None else f"{percent(trait.passing_share)} of the others, "
    return (
        f"{trait.failing:,} of {trait.failing_total:,} failing ({percent(trait.failing_share)}), "
        f"{others}{times}"
    )


def chance_phrase(chance: float) -> str:
    """An upper bound of a probability: `less than 1 in a million`, `at most 1 in 12,000`."""
    if chance < ONE_IN_A_MILLION:
        return "less than 1 in a million"
    return f"at most 1 in {int(1 / chance):,}"


def percent(share: float) -> str:
    """A share from 0 to 1: `12 %`, `0.4 %`; only an exact 0 or 1 reads as 0 % or 100 %."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    if share < 0.001:
        return "under 0.1 %"
    if share > 0.999:
        return "over 99.9 %"
    return f"{share * 100:.1f} %" if share < 0.1 or share > 0.99 else f"{share * 100:.0f} %"


def _times(lift: float) -> str:
    return f"{lift:.1f}" if lift < 10 else f"{lift:,.0f}"
