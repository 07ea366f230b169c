"""The start of a delimited file: its control record, and the names of its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from runner.errors import OperationalError
from runner.loading.reading.blank import is_blank
from runner.loading.reading.segments import RejectReason
from runner.loading.reading.splitting import Split, Splitter
from runner.loading.reading.streams import Stream

HEADER_BYTES: Final = 1 << 20
"""Largest size of a header in bytes."""


class Head:
    """The start of the text of a file, from which records are read one by one.

    Attributes:
        text: Text that was read and not consumed.
        offset: Number of bytes consumed.
        line_number: Line at which `text` starts.
    """

    def __init__(self, path: Path, stream: Stream, splitter: Splitter, block: int) -> None:
        self.path = path
        self.text = b""
        self.offset = 0
        self.line_number = 1
        self._stream = stream
        self._splitter = splitter
        self._block = block

    def split(self) -> Split | None:
        """The first record of the remaining text, None if it is empty."""
        is_over = False
        while True:
            if self.text or is_over:
                if not self.text:
                    return None
                if (split := self._splitter.split(self.text, 0, is_over)) is not None:
                    return split
                if len(self.text) > 2 * HEADER_BYTES:
                    return Split(len(self.text), len(self.text), None, RejectReason.TOO_LONG)
            piece = self._stream.read(self._block)
            is_over = not piece
            self.text += piece

    def take(self, split: Split | None = None) -> bytes:
        """Consume a record; returns its text, empty if nothing is left."""
        split = split or self.split()
        if split is None:
            return b""
        line, self.text = self.text[: split.end], self.text[split.next :]
        self.line_number += line.count(b"\n") + 1
        self.offset += split.next
        return line


def header_names(path: Path, head: Head, encoding: str) -> tuple[str, ...]:
    where = f"{path}, line {head.line_number}"
    split = head.split()
    if split is None or (split.fields is not None and is_blank(split.fields)):
        if split is None or not head.text.strip():
            raise OperationalError(f"{path} is empty.", "Deliver it with a header and records.")
        raise OperationalError(f"{where}: the header is empty.", "Start the file with it.")
    if split.reason is RejectReason.TOO_LONG:
        raise OperationalError(
            f"{where}: the line is longer than a header can be.",
            "Check that it is a delimited file. Start it with the names of the columns.",
        )
    if split.reason is RejectReason.CARRIAGE_RETURN:
        raise OperationalError(
            f"{where}: lines end with a carriage return only.",
            "Save it with line feeds, for example: tr '\\r' '\\n' < OLD > NEW",
        )
    if split.fields is None:
        raise OperationalError(
            f"{where}: the header's quoting cannot be read: {split.detail}.", "Fix the line."
        )
    try:
        names = tuple((field or b"").decode().strip() for field in split.fields)
    except UnicodeDecodeError as error:
        raise OperationalError(
            f"{where}: the header is not {encoding}.",
            "Declare the file's encoding, or save it as UTF-8: iconv -f latin1 -t utf-8 OLD > NEW",
        ) from error
    if b"\0" in head.text[: split.end]:
        raise OperationalError(
            f"{where}: the header holds a NUL character.",
            "Check that it is text. Declare its encoding, or export it again.",
        )
    head.take(split)
    return names
