"""What can go wrong in the bench itself."""


class BenchError(Exception):
    """The bench cannot go on; its words say why."""
