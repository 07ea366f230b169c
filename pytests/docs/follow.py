"""A page followed from its first block to its last."""

from __future__ import annotations

from .conftest import Scratch
from .markdown import Command, blocks, commands, lacking, write


def follow(page: str, scratch: Scratch) -> list[str]:
    """Write the page's files, run its commands, and say where it says something else.

    A block that is no console block and has no file above it is there to be read.
    """
    found: list[str] = []
    exit_code = 0
    for block in blocks(page):
        if block.language == "console":
            for command in commands(block):
                exit_code, difference = _run(scratch, command, exit_code)
                found += [difference] if difference else []
        elif block.file:
            write(block, scratch.root)
    return found


def _run(scratch: Scratch, command: Command, exit_code: int) -> tuple[int, str]:
    """Run a command as the page shows it: its exit code, and what it should have printed.

    `echo $?` prints the exit code of the command before it.
    """
    if command.line == "echo $?":
        said = "\n".join(command.expected)
        return 0, "" if said == str(exit_code) else f"exit code {exit_code} is not {said}"
    done = scratch.run(command.line)
    line = lacking(command.expected, done.stdout)
    return done.returncode, (
        "" if line is None else f"{command.line}\ndid not print\n{line}\nbut\n{done.stdout}"
    )
