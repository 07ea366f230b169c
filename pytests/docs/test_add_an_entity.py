"""The tutorial, followed step by step: its files, its commands, and what it says they print."""

from __future__ import annotations

from .conftest import REPOSITORY, Scratch
from .markdown import Block, Command, blocks, commands, lacking, write

PAGE = REPOSITORY / "docs" / "add-an-entity.md"


def test_the_tutorial_does_what_it_says_from_the_first_file_to_the_published_mart(
    scratch: Scratch,
) -> None:
    exit_code = 0
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.language == "console":
            for command in commands(block):
                exit_code = _follow(scratch, command, exit_code)
        elif block.language == "sh":
            assert scratch.run(f"set -e; {block.text}").returncode == 0, block.text
        else:
            assert block.file, f"no file is named above this block:\n{block.text}"
            write(block, scratch.root)


def _follow(scratch: Scratch, command: Command, exit_code: int) -> int:
    """Run a command as the page shows it; `echo $?` prints the exit code of the one before."""
    if command.line == "echo $?":
        assert command.expected == (str(exit_code),)
        return 0
    done = scratch.run(command.line)
    line = lacking(command.expected, done.stdout)
    assert line is None, f"{command.line}\ndid not print\n{line}\nbut\n{done.stdout}"
    return done.returncode


def test_a_block_is_read_with_the_file_named_above_it() -> None:
    page = "**`a.yml`**\n```diff\n-x\n+y\n```\n```diff\n z\n```\n```sh\nls\n```\n```sql\nq\n```\n"
    assert [(block.language, block.file) for block in blocks(page)] == [
        *(("diff", "a.yml"), ("diff", "a.yml"), ("sh", "a.yml"), ("sql", "")),
    ]


def test_a_line_that_was_not_printed_is_found() -> None:
    command = commands(Block("console", "$ x\na\n…\nc\n"))[0]
    assert lacking(command.expected, "a\nb\nc\n") is None
    assert lacking(command.expected, "c\na\n") == "c"
