"""Batches as lines: what was expected, received, decided, and the fates of the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from runner.loading.control import Difference
from runner.report.lines import Line, counted, plain
from runner.report.load_lines import difference_phrase, reasons_phrase
from runner.workflow.batches import BatchReport

STYLES = {"HELD": "bad", "FAILED": "bad", "REJECTED": "warn", "LOADED": "good", "RELEASED": "good"}
FATES = ("promoted", "superseded", "quarantined", "duplicate", "pending", "rejected")
LIST_COLUMNS = ("batch", "dataset", "status", "file", "records", "refused", "blank", "at")


def batch_row(batch: Mapping[str, Any]) -> list[str]:
    """A row of the list of batches, in the order of LIST_COLUMNS."""
    names = ("batch_id", "dataset", "status", "source_file", "loaded_count", "rejected_count")
    return [plain(batch[name]) for name in (*names, "blank_count", "at")]


def explain_batch(report: BatchReport) -> Iterator[Line]:
    """The control totals, the records received, the decision, and the fates of the records."""
    batch = report.batch
    status = batch["status"]
    yield Line(f"{batch['batch_id']} of {batch['entity']}, dataset {batch['dataset']}", "title")
    yield Line(f"{status}: {_STATUSES.get(status, '')}", STYLES.get(status, ""))
    yield Line(f"file {batch['source_file']}{_size(batch['size_bytes'])}", indent=2)
    if batch["file_sha256"]:
        yield Line(f"sha256 {batch['file_sha256']}", "faint", 2)
    if batch["failure"]:
        yield Line(f"failed: {batch['failure']}", "bad", 2)
        return
    yield from _expected(batch)
    yield from _received(report)
    yield from _decision(batch)
    yield from _fates(report)


_STATUSES = {
    "LOADING": "being loaded, or interrupted; the next load cleans up after an interrupted one",
    "LOADED": "loaded; the next run processes it, if none did yet",
    "HELD": "control totals do not match; it stays in raw until a user releases or rejects it",
    "RELEASED": "released by a user; the next run processes it, if none did yet",
    "REJECTED": "rejected by a user; its records stay in raw",
    "FAILED": "nothing was loaded",
}


def _expected(batch: Mapping[str, Any]) -> Iterator[Line]:
    controls = batch["control"] or []
    yield Line()
    yield Line("Control totals", "title")
    if not controls:
        yield Line("none given; the count and hash of the file itself are used", indent=2)
    for control in controls:
        totals = control["said"]
        parts = [f"{name} {_value(value)}" for name, value in totals.items() if name != "name"]
        yield Line(f"{control['source']}: {', '.join(parts)}", indent=2)
    for difference in batch["differences"] or []:
        yield Line(difference_phrase(Difference(**difference)), "bad", 2)


def _received(report: BatchReport) -> Iterator[Line]:
    batch = report.batch
    yield Line()
    yield Line("Received", "title")
    blank = counted(batch["blank_count"] or 0, "blank row")
    yield Line(
        f"{counted(batch['loaded_count'] or 0, 'record')}, "
        f"{counted(batch['rejected_count'] or 0, 'line')} that could not be read, {blank}",
        indent=2,
    )
    if report.reasons:
        yield Line(f"could not be read: {reasons_phrase(report.reasons)}", "warn", 2)
    if batch["extra_columns"]:
        yield Line(f"columns kept in _extra: {', '.join(batch['extra_columns'])}", indent=2)
    for worker in report.workers:
        seconds = (worker["finished_at"] - worker["started_at"]).total_seconds()
        yield Line(
            f"worker {worker['worker_id']}: {worker['records_read']:,} read, "
            f"{worker['records_written']:,} written, {worker['records_rejected']:,} refused, "
            f"{worker['records_blank'] or 0:,} blank, {worker['batches_written']:,} COPY, "
            f"{seconds:.1f} s",
            indent=2,
        )


def _decision(batch: Mapping[str, Any]) -> Iterator[Line]:
    if batch["status"] == "HELD":
        yield Line()
        for decision in ("release", "reject"):
            command = f"runner batches {decision} {batch['batch_id']} --reason R"
            yield Line(command, "faint", 2, is_verbatim=True)
    if batch["decided_by"]:
        at: datetime = batch["decided_at"]
        yield Line()
        yield Line(
            f"{batch['status'].capitalize()} by {batch['decided_by']} at {plain(at)}: "
            f"{batch['decision_reason']}"
        )


def _fates(report: BatchReport) -> Iterator[Line]:
    yield Line()
    yield Line("Fates of its records", "title")
    fates = report.fates
    if fates is None:
        yield Line("no run processed it yet", indent=2)
        return
    parts = [f"{fates[fate]:,} {fate}" for fate in FATES if fates[fate]]
    yield Line(f"{fates['sent']:,} sent: {', '.join(parts) or 'no run processed it yet'}", indent=2)
    if fates["difference"] and parts:
        yield Line(f"{fates['difference']:+,} unaccounted for", "bad", 2)


def _size(size: int | None) -> str:
    return "" if size is None else f", {size:,} bytes"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_value(one)}" for name, one in value.items()) + ")"
    return str(value)
