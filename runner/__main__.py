"""`python -m runner`, which is the same as `runner`."""

import sys

from runner.exit_codes import ExitCode
from runner.interrupts import terminable


def main() -> None:
    """Run the command line, which can be interrupted while it is still being read."""
    try:
        with terminable():
            from runner.commands.cli import main as run_command

            run_command()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        sys.exit(int(ExitCode.INTERRUPTED))


if __name__ == "__main__":
    main()
