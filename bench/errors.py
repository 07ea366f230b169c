"""What can go wrong in the bench itself."""


class BenchError(Exception):
    """The bench cannot continue; the message is the reason."""
