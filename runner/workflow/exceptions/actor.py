"""Who changes something."""

from runner.errors import ConfigurationError

RESERVED_ACTORS = ("run",)


def checked_actor(actor: str) -> str:
    """The actor's name, trimmed.

    Raises: ConfigurationError if it is empty, or the name that runs write under.
    """
    name = " ".join(actor.split())
    if not name or name in RESERVED_ACTORS:
        raise ConfigurationError(f"{actor!r} is nobody's name.", "Say who does it: --by NAME")
    return name
