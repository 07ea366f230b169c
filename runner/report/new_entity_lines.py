"""A new entity as lines, with a diff."""

from collections.abc import Iterator

from runner.report.lines import Line, counted
from runner.scaffolding.proposal import PROJECT_FILE, Proposal

_STYLES = {"+": "good", "-": "bad", "@": "faint"}


def explain_proposal(proposal: Proposal) -> Iterator[Line]:
    """The columns found, the files to write as a diff, and notes."""
    records = len(proposal.sample.records)
    first = "" if proposal.sample.is_whole else "the first "
    yield Line(f"Read {first}{counted(records, 'record')}, and found these types:", "title")
    width = max(len(column.name) for column in proposal.entity.columns)
    for column in proposal.entity.columns:
        blank = f", {column.values.blank:,} empty" if column.values.blank else ""
        yield Line(f"{column.name:<{width}}  {column.type}{blank}", indent=2)
    yield Line()
    for line in proposal.diff.splitlines():
        style = "title" if line.startswith(("---", "+++")) else _STYLES.get(line[:1], "")
        yield Line(line, style, is_verbatim=True)
    yield Line()
    for note in proposal.notes:
        yield Line(f"Note: {note}", "warn")
    if proposal.to_add:
        yield Line(f"The registry cannot be edited; add to {PROJECT_FILE} yourself:", "warn")
        for line in proposal.to_add.splitlines():
            yield Line(line, indent=2, is_verbatim=True)


def explain_written(proposal: Proposal) -> Iterator[Line]:
    """The files written, and the next command."""
    registry = "" if proposal.to_add else f", and its line in {PROJECT_FILE}"
    yield Line(f"Wrote {counted(len(proposal.files), 'file')}{registry}.", "good")
    yield Line("Next: add rules of your own, then run it on a directory of files:")
    yield Line("runner run --data-dir DIR", indent=2, is_verbatim=True)
