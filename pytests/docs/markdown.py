"""Fenced blocks of a markdown page, and what they ask to be done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK_OR_NAME = re.compile(
    r"^\*\*`(?P<file>[^`]+)`\*\*$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
LEFT_OUT = "…"
"""A line of expected output that stands for any number of lines."""


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: The word behind the fence, such as `sql`, `diff` or `console`.
        text: What stands between the fences.
        file: The file that the bold line right above names; empty without one.
    """

    language: str
    text: str
    file: str = ""


@dataclass(frozen=True)
class Command:
    """A command of a console block, and the lines it must print, `…` for what is left out."""

    line: str
    expected: tuple[str, ...]


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order. A name holds for all `diff` blocks that follow it."""
    found: list[Block] = []
    file = ""
    for match in _BLOCK_OR_NAME.finditer(page):
        if match["file"]:
            file = match["file"]
            continue
        found.append(Block(match["language"], match["text"], file))
        if match["language"] != "diff":
            file = ""
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a console block: lines that start with `$ `, and what follows each.

    Lines right below a command that start with `> ` belong to it, as a shell prompts for more.
    """
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            found[-1][1].append(line)
    return [Command(line, tuple(expected)) for line, expected in found]


def write(block: Block, root: Path) -> None:
    """Write a block's file below root: the whole file, or the change that a diff says."""
    path = root / block.file
    if block.language != "diff":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return
    lines = block.text.splitlines()
    before = "\n".join(line[1:] for line in lines if line[:1] in (" ", "-"))
    after = "\n".join(line[1:] for line in lines if line[:1] in (" ", "+"))
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{block.file} does not hold, once:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def lacking(expected: tuple[str, ...], printed: str) -> str | None:
    """The first expected line that was not printed after the ones before it; none if all were."""
    remaining = iter(line.rstrip() for line in printed.splitlines())
    for line in expected:
        if line != LEFT_OUT and line.rstrip() not in remaining:
            return line
    return None
