"""An error for people on stderr, for machines on stdout."""

import sys

from runner.errors import RunnerError
from runner.exit_codes import ExitCode
from runner.report.lines import visible


def print_error(error: RunnerError, as_json: bool) -> ExitCode:
    """Print what went wrong and what to do about it.

    Args:
        as_json: Print an object with error, remedy and exit_code on stdout, not text on stderr.
    Returns: The exit code of the error.
    """
    if as_json:
        from runner.report.streams import print_json

        print_json(
            {"error": error.message, "remedy": error.remedy, "exit_code": int(error.exit_code)}
        )
    else:
        print(f"Error: {visible(error.message)}", file=sys.stderr)
        if error.remedy:
            print(f"  {visible(error.remedy)}", file=sys.stderr)
    return error.exit_code
