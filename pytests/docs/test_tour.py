"""The guided tour of one payment is short, complete and leads to files that are there."""

from __future__ import annotations

import re

from ..pipeline import REPOSITORY

MOST_FILES = 45
CONCEPTS = REPOSITORY / "docs" / "concepts.md"
STEP = re.compile(r"^(\d+)\. \[([\w./]+)\]\(\.\./([\w./]+)\)", re.MULTILINE)


def test_the_tour_has_at_most_45_files_all_of_them_there() -> None:
    tour = CONCEPTS.read_text().partition("## A guided tour")[2]
    steps = STEP.findall(tour)
    numbers, names, links = zip(*steps, strict=True)
    assert numbers == tuple(str(number) for number in range(1, len(steps) + 1))
    assert names == links and len(set(names)) == len(names) <= MOST_FILES
    assert f"These {len(steps)} files" in tour
    assert [name for name in names if not (REPOSITORY / name).is_file()] == []
