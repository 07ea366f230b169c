"""The entry point of `runner`, `trustgate` and `python -m runner`."""

import sys

from runner.errors import RunnerError
from runner.interrupts import interruptible


def main() -> None:
    """Run the command line; signals end it while it is still being imported, too."""
    try:
        with interruptible(until_exit=True):
            from runner.commands.cli import main as run_command

            run_command()
    except RunnerError as error:
        print(error.message, file=sys.stderr)
        sys.exit(int(error.exit_code))


if __name__ == "__main__":
    main()
