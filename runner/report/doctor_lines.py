"""Findings of the doctor as lines."""

from collections.abc import Iterator

from runner.report.lines import Line
from runner.workflow.doctor import Finding


def explain_finding(finding: Finding) -> Iterator[Line]:
    """A finding of the doctor, and its remedy below it."""
    style = {"warn": "warn", "fail": "bad"}.get(finding.status, "")
    yield Line(f"{finding.status:<5} {finding.check}: {finding.found}", style)
    if finding.remedy:
        yield Line(finding.remedy, indent=6)
