"""Standard output and standard error: no text is too much for their encoding."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any


def take_any_text() -> None:
    """Have what a stream's encoding cannot hold written as `\\u2026` rather than raise."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_json(value: Any, default: Callable[[Any], Any] | None = None) -> None:
    """Write a value as JSON on stdout, with escapes of JSON's own where text is not UTF-8.

    Written piece by piece, and nothing of it is copied: a page may have 10,000 exceptions.

    Args:
        default: What stands for a value of a type that JSON lacks.
    """
    is_narrow = not (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, default=default, ensure_ascii=is_narrow, indent=2)
    print()
