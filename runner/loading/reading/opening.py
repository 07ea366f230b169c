"""Open a file of any format as a source of segments."""

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
    may_be_empty: bool = False,
) -> Source:
    """Open a file and compare its columns with those of landing.

    Args:
        columns: Columns of landing that files fill, in the order of landing.
        optional: Columns that a file may lack, in addition to optional_columns of the format.
        sender_hash: The hash of the sender to compute; every value is then read in this process,
            record by record.
        may_be_empty: Whether a file without records is valid: its control announces none.
    Raises: ConfigurationError for columns that are missing, empty, repeated or mapped to an unknown
        one, or a library that is not installed; OperationalError for a file that cannot be read.
    """
    limits = limits or Limits()
    may_lack = {*optional, *file_format.optional_columns}
    for name, mapped in file_format.column_mapping.items():
        if mapped not in columns:
            raise ConfigurationError(
                f"{path}: column_mapping maps {name} to {mapped}, which landing does not have.",
                f"Landing has {', '.join(columns)}.",
            )
    if file_format.kind == "delimited":
        from runner.loading.reading.delimited import open_delimited

        return open_delimited(
            path, file_format, columns, may_lack, sender_hash, limits, may_be_empty
        )
    if file_format.kind == "json_lines":
        from runner.loading.reading.json_lines import open_json_lines

        return open_json_lines(
            path, file_format, columns, may_lack, sender_hash, limits, may_be_empty
        )
    if file_format.kind == "fixed_width":
        from runner.loading.reading.fixed_width import open_fixed_width

        return open_fixed_width(
            path, file_format, columns, may_lack, sender_hash, limits, may_be_empty
        )
    from runner.loading.reading.parquet import open_parquet

    return open_parquet(path, file_format, columns, may_lack, sender_hash, may_be_empty)
