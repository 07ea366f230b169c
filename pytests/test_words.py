"""A guard of plain English: words that read as if translated are not used again.

Extend PLACES by the next folder or page once its words are replaced, and WORDS by the next word.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PLACES = (
    "bench",
    "docs",
    "examples",
    "macros",
    "models",
    "package",
    "runner",
    "seeds",
    "snapshots",
    "stand_in",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
)
"""Folders and files that are free of WORDS, relative to the repository."""
SUFFIXES = (".md", ".py", ".sql", ".yml")
WORDS = {
    r"judg(?:e|es|ed|ing)": "evaluate",
    r"touched": "affected",
    r"called for": "requested",
    r"settle[ds]?": "stage, resolve",
    r"told|tells?": "identified, reported, shown",
    r"said": "declared, given, reported",
    r"stands?|stood": "exists, is active, is",
    r"anew": "again",
    r"otherwise": "differently, else",
    r"mend(?:s|ed|ing)?": "fix",
    r"tak(?:e|es|en|ing) in": "process",
    r"kept back": "exclude",
    r"held against": "compare with",
    r"among others": "set rule",
    r"some(?:body|one)": "a user",
    r"stor(?:y|ies)": "lineage, report",
    r"trouble": "error",
}
"""Patterns of whole words, each with what to write."""
NAMES = ('"said"', "`said`")
"""Keys of stored JSON that are such a word and cannot change."""


def found(text: str) -> list[tuple[int, str, str]]:
    """Number of the line, the word, and what to write, for each word of WORDS in a text."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(WORDS)})(?![\w-])", re.IGNORECASE)
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        for name in NAMES:
            line = line.replace(name, "")
        for match in pattern.finditer(line):
            write = next(
                better for word, better in WORDS.items() if re.fullmatch(word, match[0], re.I)
            )
            lines.append((number, match[0], write))
    return lines


@pytest.mark.parametrize("place", PLACES)
def test_a_place_uses_none_of_the_words(place: str) -> None:
    root = REPOSITORY / place
    files = [root] if root.is_file() else sorted(root.rglob("*"))
    texts = [file for file in files if file.suffix in SUFFIXES]
    assert texts
    assert [
        f"{file.relative_to(REPOSITORY)}:{number}: {word} (write: {write})"
        for file in texts
        for number, word, write in found(file.read_text(encoding="utf-8"))
    ] == []


def test_a_word_is_found_and_a_name_is_not() -> None:
    assert found("a verdict\nis Judged anew\n") == [(2, "Judged", "evaluate"), (2, "anew", "again")]
    assert found('control["said"], a stand-in, untold, standing') == []
