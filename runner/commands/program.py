"""The name that the command line is called by: help texts and remedies show it."""

import re
import sys
from pathlib import Path

import click

PROGRAM = "runner"
"""The name that help texts and remedies are written with."""
SCRIPTS = (PROGRAM, "trustgate")


def program_name() -> str:
    """The script that was called; PROGRAM for `python -m runner`."""
    name = Path(sys.argv[0]).name
    return name if name in SCRIPTS else PROGRAM


def call_by(text: str, group: click.Group, name: str) -> str:
    """A text with the commands of a group written as they are called by another name.

    Args:
        text: Written with PROGRAM.
        group: The whole command line.
        name: One of SCRIPTS.
    """
    commands = "|".join(map(re.escape, group.commands))
    return re.sub(rf"(?<![\w./-]){PROGRAM}(?= (?:{commands})\b)", name, text)


def rename(group: click.Group, name: str) -> None:
    """Have each help text of the command line show another name than PROGRAM."""
    found: list[click.Command] = [group]
    for command in found:
        found += command.commands.values() if isinstance(command, click.Group) else ()
        for attribute in ("help", "short_help", "epilog"):
            text = getattr(command, attribute)
            if text:
                setattr(command, attribute, call_by(text, group, name))
