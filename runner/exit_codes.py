"""Exit codes of the command line, which scripts rely on."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit code of a command; documented in docs/operations.md."""

    GATE_OPEN = 0
    """The command succeeded; for `run`: the gate is open, and the selected marts are published."""
    GATE_SHUT = 1
    """The data is not fit to publish; the marts are unchanged."""
    CONFIGURATION = 2
    """Wrong usage or configuration: an option, the columns of a file, a rule, a profile."""
    ERROR = 3
    """The database, dbt or a file failed, or the gate could not be evaluated."""
    LOCK_HELD = 4
    """Another run holds the lock."""
    INTERRUPTED = 130
    """Ctrl-C, SIGTERM or SIGHUP; nothing is left half done."""
