"""A record's story in words."""

from collections.abc import Iterator

from runner.report.lines import Line, plain
from runner.workflow.lineage import Event, Lineage

_FATES = {
    "PENDING": "received, not yet checked",
    "DUPLICATE": "repeats an earlier record of the same key and content",
    "SUPERSEDED": "a later version passed",
    "QUARANTINED": "failed, and is kept out of stg",
    "PROMOTED": "the good version of its key",
    "REJECTED": "could not be read at load",
}
_STYLES = {"QUARANTINED": "bad", "REJECTED": "bad", "PROMOTED": "good"}


def explain_lineage(lineage: Lineage) -> Iterator[Line]:
    """What became of each version, then everything that happened, oldest first, then the marts."""
    yield Line(f"{lineage.entity} {lineage.record_key} of dataset {lineage.dataset}", "title")
    numbers = {version.record_id: n for n, version in enumerate(lineage.versions, start=1)}
    is_one = len(numbers) == 1
    for version in lineage.versions:
        name = "" if is_one else f"[{numbers[version.record_id]}] "
        words = _FATES.get(version.fate, "nobody can account for it")
        yield Line(f"{name}{version.fate}: {words}", _STYLES.get(version.fate, ""))
        if version.record_id is not None:
            yield Line(f"record {version.record_id}", "faint", 2 if is_one else 6)
    yield Line()
    for event in lineage.events:
        name = "" if is_one else f" [{numbers[event.record_id]}]"
        yield Line(f"{plain(event.happened_at)}{name} {_what(event)}")
        if event.detail:
            yield Line(event.detail, indent=6)
    if lineage.mart_rows:
        yield Line()
        yield Line("Counts in", "title")
        for row in lineage.mart_rows:
            key = ", ".join(f"{name} {plain(value)}" for name, value in row.key.items())
            yield Line(f"{row.relation}, {key}: {row.state}", indent=2)


def _what(event: Event) -> str:
    by = f" by {event.actor}" if event.actor and event.actor != "run" else ""
    run = f" in run {event.run_id[:8]}" if event.run_id else ""
    status = event.status or ""
    if event.stage == "raw":
        return f"received in {event.relation}"
    if event.stage == "base":
        return f"judged {status}{run}, as it stands"
    if event.stage == "verdict":
        return f"judged {status}{run}"
    if event.stage == "stg":
        return f"promoted to {event.relation}"
    if event.stage in ("candidate", "total"):
        verb = "counted" if event.stage == "total" else "placed"
        return f"{verb} in {event.relation}, {status}"
    if event.stage == "correction":
        return f"{'correction taken back' if status == 'REVERTED' else 'corrected'}{by}"
    if event.stage == "exception":
        return f"exception {status}{by}{run}"
    if event.stage == "request":
        return f"asked to be evaluated again{by}"
    return f"{event.stage}{by}{run}"
