"""The name by which the command line was called, shown in help texts and remedies."""

import re
import sys
from pathlib import Path

import click

PROGRAM = "runner"
"""The name in the source of help texts and remedies."""
SCRIPTS = (PROGRAM, "trustgate")


def program_name() -> str:
    """The script that was called; PROGRAM for `python -m runner`."""
    name = Path(sys.argv[0]).name
    return name if name in SCRIPTS else PROGRAM


def call_by(text: str, group: click.Group, name: str) -> str:
    """Replace PROGRAM in the commands of a text by another name.

    Args:
        text: A help text or remedy.
        group: The whole command line.
        name: One of SCRIPTS.
    """
    commands = "|".join(map(re.escape, group.commands))
    return re.sub(rf"(?<![\w./-]){PROGRAM}(?= (?:{commands})\b)", name, text)


def rename(group: click.Group, name: str) -> None:
    """Show another name than PROGRAM in all help texts of the command line."""
    found: list[click.Command] = [group]
    for command in found:
        found += command.commands.values() if isinstance(command, click.Group) else ()
        for attribute in ("help", "short_help", "epilog"):
            text = getattr(command, attribute)
            if text:
                setattr(command, attribute, call_by(text, group, name))
