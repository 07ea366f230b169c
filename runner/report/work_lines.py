"""Corrections and reprocessing as lines."""

from collections.abc import Sequence
from typing import Any

from runner.report.lines import Line
from runner.workflow.corrections import Correction
from runner.workflow.reprocess import PlannedRequest


def explain_corrections(made: Sequence[Correction], *, is_reverted: bool) -> list[Line]:
    """Corrections that were made or reverted, and the next command."""
    lines = []
    for one in made:
        old, new = _shown(one.old_value), _shown(one.new_value)
        if is_reverted:
            old, new = new, old
        lines.append(
            Line(f"{one.record_key}: {one.field} {old} -> {new} ({one.correction_id[:8]})")
        )
    lines.append(Line("The next run applies it; to apply it now: runner reprocess --due"))
    return lines


def explain_list(found: Sequence[dict[str, Any]]) -> list[Line]:
    """Corrections, two lines each."""
    if not found:
        return [Line("There are no corrections.")]
    lines = []
    for row in found:
        old, new = _shown(row["old_value"]), _shown(row["new_value"])
        when = f"{row['corrected_at']:%Y-%m-%d %H:%M}"
        lines.append(
            Line(
                f"{str(row['correction_id'])[:8]}  {row['state']:<8}  {row['entity']} "
                f"{row['record_key']}, by {row['corrected_by']}, {when}"
            )
        )
        lines.append(Line(f"{row['field']} {old} -> {new}: {row['reason']}", indent=20))
    return lines


def explain_plan(requests: Sequence[PlannedRequest], *, due: bool, everything: bool) -> list[Line]:
    """The records that a reprocessing would evaluate."""
    if everything:
        return [Line("Everything would be rebuilt from raw.")]
    counted: dict[tuple[str, str], int] = {}
    for one in requests:
        place = (one.entity, one.scope)
        counted[place] = counted.get(place, 0) + one.record_count
    lines = [
        Line(f"{count:,} {_records(count)} of {entity} ({scope.replace('_', ' ')})")
        for (entity, scope), count in sorted(counted.items())
    ]
    if due:
        lines.append(Line("the failing records whose next attempt is due"))
    lines.append(Line("would be evaluated again, together with the records that depend on them."))
    return lines


def _records(count: int) -> str:
    return "record" if count == 1 else "records"


def _shown(value: str | None) -> str:
    return "empty" if value is None else repr(value)
