"""The user who makes a change."""

from runner.errors import ConfigurationError

RESERVED_ACTORS = ("run",)


def checked_actor(actor: str) -> str:
    """The trimmed name of an actor.

    Raises: ConfigurationError if it is empty, or reserved for runs.
    """
    name = " ".join(actor.split())
    if not name or name in RESERVED_ACTORS:
        raise ConfigurationError(
            f"{actor!r} is not a valid user name.", "Give your name with --by NAME."
        )
    return name
