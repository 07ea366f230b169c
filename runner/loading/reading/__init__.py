"""Read files: from bytes on disk to segments for COPY, or to records if COPY cannot be used.

The parent opens a file (`open_source`) and streams its segments; workers read each with the
picklable reader of the source: clean segments directly with COPY, others record by record.
"""

from runner.loading.reading.formats import (
    SUFFIXES,
    ControlRecord,
    Field,
    FileFormat,
    declared_format,
    detect_format,
)
from runner.loading.reading.opening import open_source
from runner.loading.reading.segments import (
    Blank,
    CopyOptions,
    FileTotals,
    Limits,
    Reader,
    Record,
    Reject,
    RejectReason,
    Row,
    Segment,
    Source,
)
from runner.loading.reading.sender_hash import SenderHash

__all__ = [
    "SUFFIXES",
    "Blank",
    "ControlRecord",
    "CopyOptions",
    "Field",
    "FileFormat",
    "FileTotals",
    "Limits",
    "Reader",
    "Record",
    "Reject",
    "RejectReason",
    "Row",
    "Segment",
    "SenderHash",
    "Source",
    "declared_format",
    "detect_format",
    "open_source",
]
