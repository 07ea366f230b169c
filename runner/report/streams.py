"""Standard output and standard error: JSON, and text that their encoding cannot represent."""

import io
import json
import sys
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any


def escape_unencodable() -> None:
    """Write characters that the encoding cannot represent as `\\u2026`, not raise."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: Any) -> None:
    """Print a value as JSON on stdout; dataclasses, dates, decimals and paths included.

    Characters are escaped unless the encoding is UTF-8. The JSON is written piece by piece, without
    a copy in memory: a page may have 10,000 exceptions.
    """
    is_narrow = not (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, default=_as_json, ensure_ascii=is_narrow, indent=2)
    print()


def _as_json(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Decimal):
        # A string keeps all digits.
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    return str(value)
