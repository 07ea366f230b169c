"""The exit codes people script against."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code says; documented in docs/operations.md."""

    GATE_OPEN = 0
    """The command did what was asked; for `run`: the gate is open, and what was selected of the
    marts is published."""
    GATE_SHUT = 1
    """The data is not fit to publish; the marts stay as they were."""
    CONFIGURATION = 2
    """Usage or configuration: an option, a file's columns, a rule, a profile."""
    TROUBLE = 3
    """Database, dbt or file trouble, or the gate could not be evaluated."""
    LOCK_HELD = 4
    """Another run holds the lock."""
    INTERRUPTED = 130
    """Ctrl-C or a polite kill; nothing is left half done."""
