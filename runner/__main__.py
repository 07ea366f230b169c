"""The entry point of `runner`, `trustgate` and `python -m runner`."""

import sys

from runner.exit_codes import ExitCode
from runner.interrupts import interrupt_on_sigterm


def main() -> None:
    """Run the command line; Ctrl-C and SIGTERM work while it is still being imported."""
    try:
        with interrupt_on_sigterm():
            from runner.commands.cli import main as run_command

            run_command()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        sys.exit(int(ExitCode.INTERRUPTED))


if __name__ == "__main__":
    main()
