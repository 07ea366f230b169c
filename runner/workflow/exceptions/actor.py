"""The user who makes a change."""

from runner.errors import ConfigurationError

RESERVED_ACTORS = ("run",)


def checked_actor(actor: str) -> str:
    """The trimmed name of an actor.

    Raises: ConfigurationError if it is empty, reserved for runs in any case, or has characters
        that do not print: such a name reads as another one.
    """
    name = " ".join(actor.split())
    if not name or not name.isprintable() or name.casefold() in RESERVED_ACTORS:
        raise ConfigurationError(
            f"{actor!r} is not a valid user name.", "Give your name with --by NAME."
        )
    return name
