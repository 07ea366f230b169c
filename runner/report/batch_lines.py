"""A batch's story in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from runner.loading.control import Difference
from runner.report.lines import Line, counted, plain
from runner.report.load_lines import difference_in_words, reasons_in_words
from runner.workflow.batches import BatchStory

STYLES = {"HELD": "bad", "FAILED": "bad", "REJECTED": "warn", "LOADED": "good", "RELEASED": "good"}
FATES = ("promoted", "superseded", "quarantined", "duplicate", "pending", "rejected")
LIST_COLUMNS = ("batch", "dataset", "status", "file", "records", "refused", "blank", "at")


def batch_row(batch: Mapping[str, Any]) -> list[str]:
    """A batch as a row of the list, in the order of LIST_COLUMNS."""
    names = ("batch_id", "dataset", "status", "source_file", "loaded_count", "rejected_count")
    return [plain(batch[name]) for name in (*names, "blank_count", "at")]


def explain_batch(story: BatchStory) -> Iterator[Line]:
    """What was said, what arrived, who wrote it, what was decided and what became of it."""
    batch = story.batch
    status = batch["status"]
    yield Line(f"{batch['batch_id']} of {batch['entity']}, dataset {batch['dataset']}", "title")
    yield Line(f"{status}: {_STATUS_WORDS.get(status, '')}", STYLES.get(status, ""))
    yield Line(f"file {batch['source_file']}{_size(batch['size_bytes'])}", indent=2)
    if batch["file_sha256"]:
        yield Line(f"sha256 {batch['file_sha256']}", "faint", 2)
    if batch["failure"]:
        yield Line(f"failed: {batch['failure']}", "bad", 2)
        return
    yield from _said(batch)
    yield from _arrived(story)
    yield from _decided(batch)
    yield from _became(story)


_STATUS_WORDS = {
    "LOADING": "being read, or cut off; the next load clears that up",
    "LOADED": "taken on by the next run, if it was not yet",
    "HELD": "not what was said; in raw and no further until somebody decides",
    "RELEASED": "let through by a person",
    "REJECTED": "turned down by a person; its records never go further than raw",
    "FAILED": "came to nothing",
}


def _said(batch: Mapping[str, Any]) -> Iterator[Line]:
    controls = batch["control"] or []
    yield Line()
    yield Line("What was said", "title")
    if not controls:
        yield Line("nothing; the file's own count and hash are the control", indent=2)
    for control in controls:
        said = control["said"]
        parts = [f"{name} {_value(value)}" for name, value in said.items() if name != "name"]
        yield Line(f"{control['source']}: {', '.join(parts)}", indent=2)
    for difference in batch["differences"] or []:
        yield Line(difference_in_words(Difference(**difference)), "bad", 2)


def _arrived(story: BatchStory) -> Iterator[Line]:
    batch = story.batch
    yield Line()
    yield Line("What arrived", "title")
    blank = counted(batch["blank_count"] or 0, "blank row")
    yield Line(
        f"{counted(batch['loaded_count'] or 0, 'record')}, "
        f"{counted(batch['rejected_count'] or 0, 'line')} that could not be read, {blank}",
        indent=2,
    )
    if story.reasons:
        yield Line(f"could not be read: {reasons_in_words(story.reasons)}", "warn", 2)
    if batch["extra_columns"]:
        yield Line(f"columns kept in _extra: {', '.join(batch['extra_columns'])}", indent=2)
    for worker in story.workers:
        seconds = (worker["finished_at"] - worker["started_at"]).total_seconds()
        yield Line(
            f"worker {worker['worker_id']}: {worker['records_read']:,} read, "
            f"{worker['records_written']:,} written, {worker['records_rejected']:,} refused, "
            f"{worker['records_blank'] or 0:,} blank, {worker['batches_written']:,} COPY, "
            f"{seconds:.1f} s",
            indent=2,
        )


def _decided(batch: Mapping[str, Any]) -> Iterator[Line]:
    if batch["status"] == "HELD":
        yield Line()
        for word in ("release", "reject"):
            command = f"runner batches {word} {batch['batch_id']} --reason R"
            yield Line(command, "faint", 2, is_verbatim=True)
    if batch["decided_by"]:
        at: datetime = batch["decided_at"]
        yield Line()
        yield Line(
            f"{batch['status'].capitalize()} by {batch['decided_by']} at {plain(at)}: "
            f"{batch['decision_reason']}"
        )


def _became(story: BatchStory) -> Iterator[Line]:
    yield Line()
    yield Line("What became of it", "title")
    fates = story.fates
    if fates is None:
        yield Line("not taken on by a run yet", indent=2)
        return
    parts = [f"{fates[fate]:,} {fate}" for fate in FATES if fates[fate]]
    yield Line(
        f"{fates['sent']:,} sent: {', '.join(parts) or 'not taken on by a run yet'}", indent=2
    )
    if fates["difference"] and parts:
        yield Line(f"{fates['difference']:+,} unaccounted for", "bad", 2)


def _size(size: int | None) -> str:
    return "" if size is None else f", {size:,} bytes"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_value(one)}" for name, one in value.items()) + ")"
    return str(value)
