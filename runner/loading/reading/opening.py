"""One way in: any file as a source of segments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from runner.loading.reading.formats import FileFormat
from runner.loading.reading.segments import Limits, Source
from runner.loading.reading.sender_hash import SenderHash


def open_source(
    path: Path,
    file_format: FileFormat,
    columns: Sequence[str],
    optional: Sequence[str] = (),
    *,
    sender_hash: SenderHash | None = None,
    limits: Limits | None = None,
) -> Source:
    """Open a file and hold its columns against those of landing.

    Args:
        columns: Columns of landing that files fill, in landing's order.
        optional: Those among them that a file may lack, beside the format's optional_columns.
        sender_hash: What the sender hashed, to be computed on the way; reads every value in this
            process, and so takes the time of the careful way.
    Raises: ConfigurationError for columns that are missing, empty or given twice, or a library that
        the format needs and is not installed; TroubleError for a file that cannot be read.
    """
    raise NotImplementedError
