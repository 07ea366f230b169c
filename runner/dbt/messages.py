"""Messages of dbt, cleaned and classified."""

import re

from runner.errors import ConfigurationError, OperationalError, RunnerError
from runner.postgres.database import remedy_of

CONFIGURATION_ERRORS = ("Compilation Error", "Parsing Error")
HEADINGS = (*CONFIGURATION_ERRORS, "Runtime Error", "Database Error", "Encountered an error:")
BOOKKEEPING = re.compile(r"\bbookkeeping: (?P<problem>.+?\.) (?P<remedy>[A-Z].*)")
"""What the package's installer says where tables do not fit: what is wrong, and what to do."""
IN_USE = re.compile(
    r"trustgate (?P<problem>waited \d+ seconds to replace .+?, which is in use by .+)"
)
"""What a view says that could not be replaced, to the end of the line."""
LOST_LOCK = "trustgate: the run that publishes does not hold its lock"
FULL_DISK = ("No space left on device", "could not extend file", "53100")


def known_error(message: str) -> RunnerError | None:
    """The error that the message of a node reports, None if it concerns only that node.

    A wrong declaration is a ConfigurationError; a full disk and missing privileges are an
    OperationalError.
    """
    if any(part in message for part in FULL_DISK):
        return OperationalError(
            "The disk of the database is full.",
            "Free some space and run again; nothing was left half done.",
        )
    if found := BOOKKEEPING.search(message):
        return OperationalError(
            f"The bookkeeping tables were not installed: {found['problem']}", found["remedy"]
        )
    if found := IN_USE.search(message):
        return OperationalError(
            f"The run {found['problem']}.",
            "End that transaction and run again; nothing was left half done.",
        )
    if LOST_LOCK in message:
        return OperationalError(
            "The session that held the lock of this run has ended; nothing was published.",
            "Run again.",
        )
    if message.lstrip().startswith(CONFIGURATION_ERRORS):
        return ConfigurationError(clean_message(message), "Fix it and run again.")
    if remedy := remedy_of(message):
        return OperationalError(f"The database reported: {clean_message(message)}", remedy)
    return None


def clean_message(message: str) -> str:
    """A message of dbt on one line, without heading, call stack and empty lines."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    kept = []
    for line in lines:
        if line.startswith(("> in macro", "> called by", "compiled code at")):
            continue
        if line in HEADINGS:
            continue
        kept.append(line)
    return " ".join(kept)
