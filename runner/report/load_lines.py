"""The outcome of a load as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from runner.loading.control import Difference
from runner.loading.model import LoadedBatch
from runner.report.lines import Line, counted, number


def explain_batches(batches: Iterable[LoadedBatch]) -> Iterator[Line]:
    """One line for each file, with its problems below."""
    for batch in batches:
        if batch.is_repeated:
            yield Line(
                f"{batch.entity}: {batch.file} is loaded already, as batch {batch.batch_id} "
                f"({batch.status}); skipped."
            )
            continue
        blank = f", {counted(batch.blank_count, 'blank row')} skipped"
        total = f", control amount {number(batch.amount_total)}"
        yield Line(
            f"{batch.entity}: {counted(batch.loaded_count, 'record')} of {batch.file} loaded as "
            f"batch {batch.batch_id}{blank if batch.blank_count else ''}"
            f"{total if batch.amount_total is not None else ''}."
        )
        if batch.rejected_count:
            yield Line(
                f"{counted(batch.rejected_count, 'record')} could not be read: "
                f"{reasons_phrase(batch.reasons)}; see quality.rejects.",
                "warn",
                2,
            )
        if batch.extra_columns:
            names = ", ".join(batch.extra_columns)
            yield Line(
                f"Columns that {batch.entity} does not have, kept in _extra: {names}.", "", 2
            )
        if batch.status == "HELD":
            yield Line("HELD: control totals do not match; the batch is on hold.", "bad", 2)
            for difference in batch.differences:
                yield Line(difference_phrase(difference), indent=6)
            command = f"runner batches release {batch.batch_id} --reason R"
            yield Line(command, "faint", 6, is_verbatim=True)
            command = f"runner batches reject {batch.batch_id} --reason R"
            yield Line(command, "faint", 6, is_verbatim=True)


def reasons_phrase(reasons: Mapping[str, int]) -> str:
    """Refused records by reason, the most frequent first: `3 FIELD_COUNT, 1 NUL_BYTE`."""
    ordered = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in ordered)


def difference_phrase(difference: Difference) -> str:
    """A control total that does not match: where it is from, expected and received."""
    if difference.check == "manifest":
        return f"{difference.source} does not list the file."
    actual = "nothing readable" if difference.actual is None else difference.actual
    return (
        f"{difference.check}: {difference.source} expects {difference.expected}, received {actual}"
    )
