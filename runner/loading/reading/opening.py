"""One way in: any file as a source of segments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from runner.errors import ConfigurationError
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
    Raises: ConfigurationError for columns that are missing, empty, given twice or mapped to none of
        landing, or a library that the format needs and is not installed; TroubleError for a file
        that cannot be read.
    """
    limits = limits or Limits()
    may_lack = {*optional, *file_format.optional_columns}
    for name, mapped in file_format.column_mapping.items():
        if mapped not in columns:
            raise ConfigurationError(
                f"{path}: column_mapping calls {name} {mapped}, which is no column of landing.",
                f"Landing has {', '.join(columns)}.",
            )
    if file_format.kind == "delimited":
        from runner.loading.reading.delimited import open_delimited

        return open_delimited(path, file_format, columns, may_lack, sender_hash, limits)
    if file_format.kind == "json_lines":
        from runner.loading.reading.json_lines import open_json_lines

        return open_json_lines(path, file_format, columns, may_lack, sender_hash, limits)
    if file_format.kind == "fixed_width":
        from runner.loading.reading.fixed_width import open_fixed_width

        return open_fixed_width(path, file_format, columns, may_lack, sender_hash, limits)
    from runner.loading.reading.parquet import open_parquet

    return open_parquet(path, file_format, columns, may_lack, sender_hash)
