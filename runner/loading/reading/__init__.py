"""Reading files: from bytes on disk to segments for COPY, and to records where it needs care.

The parent opens a file (`open_source`) and streams its segments; workers read each with the
source's picklable reader, straight to COPY where it is clean, record by record where it is not.
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
