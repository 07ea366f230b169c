"""One exception class for each way a command can fail, each with its exit code."""

from runner.exit_codes import ExitCode


class RunnerError(Exception):
    """A failure with one clear sentence and, where there is something to do, a remedy.

    Args:
        message: What is wrong, one sentence.
        remedy: What to do about it; empty where the message says it all.
    """

    exit_code = ExitCode.TROUBLE

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ConfigurationError(RunnerError):
    """Usage or configuration: exit code 2."""

    exit_code = ExitCode.CONFIGURATION


class ConflictError(ConfigurationError):
    """Somebody else changed the same thing first, and nothing was overwritten: exit code 2."""


class TroubleError(RunnerError):
    """Database, dbt or file trouble, or a gate that was not evaluated: exit code 3."""

    exit_code = ExitCode.TROUBLE


class LockHeldError(RunnerError):
    """Somebody else's run is under way: exit code 4."""

    exit_code = ExitCode.LOCK_HELD


class InterruptedRunError(RunnerError):
    """Ctrl-C or SIGTERM: exit code 130."""

    exit_code = ExitCode.INTERRUPTED
