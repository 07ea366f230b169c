"""Parquet, through pyarrow: each row group a segment, every type to text without loss."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from runner.errors import ConfigurationError, OperationalError
from runner.loading.reading.arrow_text import Texts, int96_texts, texts, uuid_texts
from runner.loading.reading.blank import WHITE_SPACE
from runner.loading.reading.columns import ColumnMap, map_columns
from runner.loading.reading.formats import FileFormat
from runner.loading.reading.identity import FileIdentity
from runner.loading.reading.segments import (
    KEPT_RAW_BYTES,
    Blank,
    CopyOptions,
    FileTotals,
    Record,
    Reject,
    RejectReason,
    Row,
    Segment,
)
from runner.loading.reading.sender_hash import SenderHash, SenderHasher
from runner.loading.reading.streams import FileStream

_BLOCK_BYTES: Final = 1 << 20
_BATCH_ROWS: Final = 4096


@dataclass(frozen=True)
class ParquetReader:
    """Reads row groups of one Parquet file; see `runner.loading.reading.segments.Reader`."""

    identity: FileIdentity
    map: ColumnMap

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of landing that the file has, in its order."""
        return self.map.columns

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Columns of the file that landing does not have."""
        return self.map.extra

    @property
    def copy_options(self) -> CopyOptions:
        """Not used: no segment is clean."""
        return CopyOptions(",", '"')

    @property
    def copies_extra(self) -> bool:
        """No segment is clean."""
        return False

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """None: no segment is clean."""
        assert not segment.is_clean, "Parquet is read record by record"
        return iter(())

    def rows(self, segment: Segment) -> Iterator[Row]:
        """The segment's rows in order, each of them exactly once."""
        self.identity.check()
        positions, extras = self.map.positions, self.map.extra_positions
        number = segment.first_row_number
        for columns in self._batches(segment.offset):
            for values in zip(*columns, strict=True):
                if not any(value and value.strip(WHITE_SPACE) for value in values):
                    yield Blank(number)
                elif any(value and "\0" in value for value in values):
                    raw = json.dumps(values, ensure_ascii=False).encode()
                    yield Reject(
                        number,
                        number,
                        RejectReason.NUL_BYTE,
                        "a NUL character",
                        raw[:KEPT_RAW_BYTES],
                        len(raw),
                    )
                else:
                    yield Record(
                        number,
                        tuple(values[position] for position in positions),
                        {self.map.found[at]: values[at] for at in extras} or None,
                    )
                number += 1

    def _batches(self, row_group: int) -> Iterator[list[Texts]]:
        """Values of a few thousand records at a time, by column."""
        path = self.identity.path
        with _explained(path), _parquet_file(path) as file:
            batches = file.iter_batches(_BATCH_ROWS, row_groups=[row_group])
            uuids = _uuids(file)
            wide = _int96_columns(file, path)
            # Without such columns, its batches are empty and cost nothing.
            with _parquet_file(path, coerce_int96_timestamp_unit="s") as in_seconds:
                coarse = in_seconds.iter_batches(_BATCH_ROWS, row_groups=[row_group], columns=wide)
                for batch, whole in zip(batches, coarse, strict=True):
                    yield [
                        int96_texts(column, whole.column(name))
                        if name in wide
                        else uuid_texts(texts(column))
                        if name in uuids
                        else texts(column)
                        for name, column in zip(batch.schema.names, batch.columns, strict=True)
                    ]


class ParquetSource:
    """Segments of a Parquet file."""

    def __init__(
        self,
        identity: FileIdentity,
        reader: ParquetReader,
        hasher: SenderHasher | None,
        may_be_empty: bool,
    ) -> None:
        self._identity = identity
        self._reader = reader
        self._hasher = hasher
        self._may_be_empty = may_be_empty
        self._totals: FileTotals | None = None

    @property
    def reader(self) -> ParquetReader:
        """For workers."""
        return self._reader

    @property
    def totals(self) -> FileTotals:
        """Totals of the file; only after the last segment."""
        assert self._totals is not None, "totals are known after the last segment"
        return self._totals

    def segments(self) -> Iterator[Segment]:
        """A segment for each row group that is not empty."""
        path = self._identity.path
        file = FileStream(path, None, _BLOCK_BYTES)
        while file.read(_BLOCK_BYTES):
            pass
        file.close()
        row_count = number = 0
        with _explained(path), _parquet_file(path) as parquet:
            groups = [parquet.metadata.row_group(at) for at in range(parquet.num_row_groups)]
            sizes = [(group.num_rows, group.total_byte_size) for group in groups]
        for group, (rows, size) in enumerate(sizes):
            if not rows:
                continue
            first = row_count + 1
            segment = Segment(number, first, first, rows, None, group, size, is_clean=False)
            if self._hasher is not None:
                for row in self._reader.rows(segment):
                    self._hasher.add(row)
            yield segment
            row_count += rows
            number += 1
        self._identity.check()
        if not row_count and not self._may_be_empty:
            raise OperationalError(
                f"{path} holds no record.",
                "Deliver the records, or remove the file if there is nothing to load.",
            )
        self._totals = FileTotals(
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            row_count=row_count,
            blank_count=None,
            sender_hash=self._hasher.hexdigest() if self._hasher else None,
        )


def open_parquet(
    path: Path,
    file_format: FileFormat,
    columns: Sequence[str],
    optional: Collection[str],
    sender_hash: SenderHash | None,
    may_be_empty: bool,
) -> ParquetSource:
    """Open a Parquet file; see `open_source`."""
    identity = FileIdentity.of(path)
    with _explained(path), _parquet_file(path) as file:
        names = list(file.schema_arrow.names)
    column_map = map_columns(path, names, columns, optional, file_format.column_mapping)
    hasher = SenderHasher(sender_hash, path, column_map) if sender_hash else None
    return ParquetSource(identity, ParquetReader(identity, column_map), hasher, may_be_empty)


class _explained:  # noqa: N801 - a context manager, named as a function
    """Turns exceptions of pyarrow into OperationalError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError | ValueError | NotImplementedError):
            why = str(error).strip().splitlines()[0] if str(error).strip() else kind.__name__
            raise OperationalError(
                f"{self._path} cannot be read as Parquet: {why.rstrip('.')}.",
                "Ask for it again; nothing of it was loaded.",
            ) from error


def _int96_columns(file: Any, path: Path) -> list[str]:
    """Columns with the timestamps that Spark and Hive write: their type depends on the unit."""
    schema = file.schema
    if not any(schema.column(at).physical_type == "INT96" for at in range(len(schema))):
        return []
    with _parquet_file(path, coerce_int96_timestamp_unit="s") as other:
        pairs = zip(file.schema_arrow, other.schema_arrow, strict=True)
        return [one.name for one, in_seconds in pairs if one.type != in_seconds.type]


def _uuids(file: Any) -> frozenset[str]:
    """Columns that are UUIDs in Parquet, and bytes to a pyarrow that does not know the type."""
    from pyarrow import types

    leaves = (file.schema.column(at) for at in range(len(file.schema)))
    uuids = {leaf.path for leaf in leaves if leaf.logical_type.type == "UUID"}
    fields = file.schema_arrow
    return frozenset(
        one.name for one in fields if one.name in uuids and types.is_fixed_size_binary(one.type)
    )


def _parquet_file(path: Path, **options: Any) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigurationError(
            f"{path} is Parquet, and pyarrow is not installed.",
            "Install it: pip install 'trustgate[parquet]'",
        ) from error
    # Without read-ahead, memory holds pages instead of row groups.
    return pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=_BLOCK_BYTES, **options)
