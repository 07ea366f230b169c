"""The walkthrough, followed command by command: all that it shows is what happens."""

from __future__ import annotations

import csv
import difflib
import re
import subprocess
from dataclasses import dataclass

import pytest

from .conftest import REPOSITORY, Scratch
from .markdown import LEFT_OUT, Block, Command, blocks, commands, write

WALKTHROUGH = REPOSITORY / "docs" / "walkthrough.md"
USAGE = 2
"""From this exit code on, what a command has to say stands on stderr, not on stdout."""

OTHER_EACH_TIME = (
    # The id of a batch: when it was loaded, entity, random.
    (re.compile(r"\b\d{8}T\d{6}-(\w+)-[0-9a-f]{8}\b"), r"<batch of \1>"),
    # What the clock said, as the runner prints it; times in the data are written with a T.
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( UTC)?"), "<time>"),
    # Ids of runs, corrections and suppressions, which are random; those of exceptions are not.
    (re.compile(r"\b([Rr]un|show) [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), r"\1 <id>"),
    (re.compile(r"\b(run|Suppression) [0-9a-f]{8}\b"), r"\1 <id>"),
    (re.compile(r"\([0-9a-f]{8}\)$"), "(<id>)"),
    (re.compile(r"^[0-9a-f]{8}(?=  )"), "<id>"),
    (re.compile(r"^(id:|  version) +[0-9a-f]{8,12}$"), r"\1 <id>"),
    # How long it took.
    (re.compile(r"\b\d+\.\d s$"), "<seconds> s"),
    (re.compile(r"^(<id>  <time> .*) \d+\.\d$"), r"\1 <seconds>"),
    (re.compile(r"^age: \d+ min$"), "age: <age>"),
)


@dataclass(frozen=True)
class Followed:
    """A command of the page that was run.

    Attributes:
        printed: Its lines, on stdout; progress and remarks on stderr are not for a page.
    """

    command: Command
    exit_code: int
    printed: tuple[str, ...]


def normalised(lines: tuple[str, ...]) -> list[str]:
    """Lines without what is another one each time, and without empty ones at the end."""
    found = []
    for line in "\n".join(lines).rstrip().splitlines():
        kept = line.rstrip()
        for pattern, word in OTHER_EACH_TIME:
            kept = pattern.sub(word, kept)
        found.append(kept)
    return found


def agrees(expected: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether the lines are the expected ones, all of them, but for what `…` leaves out."""
    pattern = "".join(
        "(?:.*\n)*" if line == LEFT_OUT else re.escape(f"{line}\n") for line in normalised(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in normalised(printed))) is not None


def followed(scratch: Scratch) -> list[Followed]:
    """Everything the page says, done in order: files written, commands run.

    What a command exports holds for those after it.
    """
    done: list[Followed] = []
    exports: list[str] = []
    for block in blocks(WALKTHROUGH.read_text(encoding="utf-8")):
        if block.language != "console":
            assert block.file, f"no file is named above this block:\n{block.text}"
            write(block, scratch.root)
            continue
        for command in commands(block):
            if command.line.startswith("export "):
                exports.append(command.line)
            elif command.line == "echo $?":
                code = done[-1].exit_code
                done.append(Followed(command, 0, (str(code),)))
            else:
                done.append(_run(scratch, exports, command))
    return done


def _run(scratch: Scratch, exports: list[str], command: Command) -> Followed:
    ran = subprocess.run(
        ["bash", "-c", "\n".join([*exports, command.line])],
        cwd=scratch.root,
        env=scratch.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = ran.stdout + ran.stderr if ran.returncode >= USAGE else ran.stdout
    return Followed(command, ran.returncode, tuple(said.splitlines()))


@pytest.fixture(scope="module")
def story(scratch: Scratch) -> list[Followed]:
    """The walkthrough, followed to its end."""
    return followed(scratch)


def test_every_command_prints_what_the_walkthrough_shows(story: list[Followed]) -> None:
    differences = [
        "\n".join(
            [
                f"$ {step.command.line}",
                *difflib.unified_diff(
                    normalised(step.command.expected),
                    normalised(step.printed),
                    "shown",
                    "printed",
                    lineterm="",
                    n=1,
                ),
            ]
        )
        for step in story
        if not agrees(step.command.expected, step.printed)
    ]
    assert not differences, "\n\n".join(differences)
    assert len(story) > 20


def test_every_exit_code_but_0_is_shown(story: list[Followed]) -> None:
    unsaid = [
        (step.command.line, step.exit_code)
        for step, following in zip(story, [*story[1:], None], strict=True)
        if step.exit_code and (following is None or following.command.line != "echo $?")
    ]
    assert not unsaid


def test_the_gate_is_open_at_the_end_and_the_marts_are_published(
    story: list[Followed], scratch: Scratch
) -> None:
    assert story
    shut = _select(scratch, "select check_id from quality.gate where not is_open")
    published = _select(scratch, "select distinct _dataset from marts.fct_payments")
    assert (shut, published) == ([], ["bad"])


def test_every_planted_case_was_worked_in_one_of_four_ways(
    story: list[Followed], scratch: Scratch
) -> None:
    assert story
    with (REPOSITORY / "pytests" / "expected_bad.csv").open(encoding="utf-8") as file:
        planted = {
            (case["check_id"], "" if case["record_key"].startswith("row:") else case["record_key"])
            for case in csv.DictReader(file)
            if case["dataset"] == "bad"
        }
    worked = _select(
        scratch,
        "select check_id, case when record_key = record_id::text then '' else record_key end,"
        " case when not is_standing then 'mended' when is_accepted then 'accepted'"
        " when is_suppressed then 'suppressed' when severity = 'WARNING' then status"
        " else 'open' end from quality.exceptions",
    )
    ways = {tuple(row.split("|", 1)[:1]) + _ends(row) for row in worked}
    found = {(check, key) for check, key, _ in ways}
    assert planted <= found, sorted(planted - found)
    assert {way for _, _, way in ways} == {"mended", "accepted", "suppressed", "IGNORED"}


def _ends(row: str) -> tuple[str, str]:
    """Key and way of `check|key|way`; a key may hold the sign between them."""
    key, _, way = row.partition("|")[2].rpartition("|")
    return key, way


def _select(scratch: Scratch, statement: str) -> list[str]:
    done = scratch.run(f'runner db psql -v ON_ERROR_STOP=1 -qAtc "{statement}"')
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()


def test_what_is_left_out_may_be_anything_and_what_is_shown_may_not() -> None:
    shown = ("a", LEFT_OUT, "Run 0badcafe-bf2e-4d29-a9f7-ee62e3fe0e21, 24.4 s")
    end = "Run e70943ef-bf2e-4d29-a9f7-ee62e3fe0e21, 9.0 s"
    assert agrees(shown, ("a", "b", "c", end))
    assert agrees(shown, ("a", end))
    assert not agrees(shown, ("a", "b"))
    assert not agrees(shown, ("a", end, "more"))
    assert not agrees(("a",), ("a", "b"))
    assert not agrees(("3 exceptions",), ("4 exceptions",))


def test_a_command_may_go_on_below() -> None:
    block = Block("console", "$ while x\n> do y\na\n> b\n$ z\n")
    assert commands(block) == [
        Command("while x\ndo y", ("a", "> b")),
        Command("z", ()),
    ]
