"""What dbt says, in our words."""

import re

from runner.errors import ConfigurationError, RunnerError, TroubleError
from runner.postgres.database import remedy_of

CONFIGURATION_ERRORS = ("Compilation Error", "Parsing Error")
HEADINGS = (*CONFIGURATION_ERRORS, "Runtime Error", "Database Error", "Encountered an error:")
BOOKKEEPING = re.compile(r"\bbookkeeping: (?P<problem>.+?\.) (?P<remedy>[A-Z].*)")
"""What the package's installer says where tables do not fit: what is wrong, and what to do."""
FULL_DISK = ("No space left on device", "could not extend file", "53100")


def trouble_of(message: str) -> RunnerError | None:
    """The error a node's message stands for where it is none of the node's own making.

    A rule that is not declared right is a matter of configuration; a full disk, and what the user
    of the database may not do, is trouble.
    """
    if any(words in message for words in FULL_DISK):
        return TroubleError(
            "The database's disk is full.", "Free some space and run again; nothing was half done."
        )
    if found := BOOKKEEPING.search(message):
        return TroubleError(
            f"The bookkeeping tables were not installed: {found['problem']}", found["remedy"]
        )
    if message.lstrip().startswith(CONFIGURATION_ERRORS):
        return ConfigurationError(clean_message(message), "Mend it and run again.")
    if remedy := remedy_of(message):
        return TroubleError(f"The database said: {clean_message(message)}", remedy)
    return None


def clean_message(message: str) -> str:
    """dbt's message on one line, without its heading, its call stack and its empty lines."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    kept = []
    for line in lines:
        if line.startswith(("> in macro", "> called by", "compiled code at")):
            continue
        if line in HEADINGS:
            continue
        kept.append(line)
    return " ".join(kept)
