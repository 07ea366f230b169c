"""The lineage of a record as lines."""

from collections.abc import Iterator

from runner.report.lines import Line, plain
from runner.workflow.lineage import Event, Lineage

_FATES = {
    "PENDING": "received, not evaluated yet",
    "DUPLICATE": "same key and content as the version before it",
    "SUPERSEDED": "a later version passed",
    "QUARANTINED": "failed; not in stg",
    "PROMOTED": "the latest good version of its key",
    "REJECTED": "could not be read at load",
}
_STYLES = {"QUARANTINED": "bad", "REJECTED": "bad", "PROMOTED": "good"}


def explain_lineage(lineage: Lineage) -> Iterator[Line]:
    """The fate of each version, the events from oldest to newest, and the rows of the marts."""
    yield Line(f"{lineage.entity} {lineage.record_key} of dataset {lineage.dataset}", "title")
    numbers = {version.record_id: n for n, version in enumerate(lineage.versions, start=1)}
    is_one = len(numbers) == 1
    for version in lineage.versions:
        name = "" if is_one else f"[{numbers[version.record_id]}] "
        fate = _FATES.get(version.fate, "unaccounted for")
        yield Line(f"{name}{version.fate}: {fate}", _STYLES.get(version.fate, ""))
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
        yield Line("In the marts", "title")
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
        return f"evaluated {status}{run}, current verdict"
    if event.stage == "verdict":
        return f"evaluated {status}{run}"
    if event.stage == "stg":
        return f"promoted to {event.relation}"
    if event.stage in ("candidate", "total"):
        verb = "counted" if event.stage == "total" else "placed"
        return f"{verb} in {event.relation}, {status}"
    if event.stage == "alteration":
        return f"altered from outside{by}"
    if event.stage == "mart":
        return f"published in {event.relation}{run}"
    if event.stage == "correction":
        return f"{'correction reverted' if status == 'REVERTED' else 'corrected'}{by}"
    if event.stage == "exception":
        return f"exception {status}{by}{run}"
    if event.stage == "request":
        return f"reprocessing requested{by}"
    return f"{event.stage}{by}{run}"
