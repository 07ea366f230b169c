"""One exception class for each way a command can fail, each with its exit code."""

from runner.exit_codes import ExitCode


class RunnerError(Exception):
    """A failure: one sentence about what is wrong and, if possible, a remedy.

    Args:
        message: What is wrong, in one sentence.
        remedy: What to do about it; empty if the message is enough.
    """

    exit_code = ExitCode.ERROR

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ConfigurationError(RunnerError):
    """Wrong usage or configuration: exit code 2."""

    exit_code = ExitCode.CONFIGURATION


class ConflictError(ConfigurationError):
    """Another user changed the same thing first; nothing was overwritten: exit code 2."""


class OperationalError(RunnerError):
    """The database, dbt or a file failed, or the gate was not evaluated: exit code 3."""

    exit_code = ExitCode.ERROR


class LockHeldError(RunnerError):
    """Another run is in progress: exit code 4."""

    exit_code = ExitCode.LOCK_HELD


class InterruptedRunError(RunnerError):
    """Ctrl-C, SIGTERM or SIGHUP: exit code 130."""

    exit_code = ExitCode.INTERRUPTED
