"""Streams of a file: hashed on disk, unpacked, converted to UTF-8, in bounded memory."""

from __future__ import annotations

import codecs
import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from runner.errors import OperationalError
from runner.loading.reading.encoding import Transcoder, has_mainframe_lines, is_utf8, resolved

_GZIP = b"\x1f\x8b\x08"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_MARK = "\ufeff".encode()
_BINARY = {
    b"PK\x03\x04": (
        "a ZIP archive or an Excel workbook",
        "Unpack it, or save the sheet as CSV UTF-8; gzip and zstd are unpacked while loading.",
    ),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "an old Excel workbook (.xls)",
        "Save the sheet as CSV UTF-8.",
    ),
    b"PAR1": ("Parquet", "Name it .parquet, or declare the format with `kind: parquet`."),
    b"%PDF-": ("a PDF document", "Ask for the data as text."),
    b"\xfd7zXZ\0": ("packed with xz", "Unpack it, or pack it with gzip or zstd."),
    b"BZh": ("packed with bzip2", "Unpack it, or pack it with gzip or zstd."),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "Unpack it."),
}
"""First bytes of files that are no text."""
_ZSTANDARD_PIECE = 512
"""Four bytes of zstd can unpack to 128 KB; this limits the unpacked size to 16 MB at a time."""


class Stream(Protocol):
    """Bytes to read in order."""

    def read(self, size: int) -> bytes:
        """About `size` bytes; empty only at the end."""


class FileStream:
    """A file's text as UTF-8 without its byte order marks.

    There may be several: programs add one to a file that has one, and packed files that are put
    together keep that of each.

    Args:
        path: The file, plain or packed with gzip or zstd.
        encoding: Encoding of the unpacked text; None for binary content, which is not converted.
    Attributes:
        encoding: With its byte order.
        is_plain: Whether the bytes are those of the file from `offset` on.
        offset: Length of the byte order marks at the start.
        size_bytes: Number of bytes read from disk.
    Raises: OperationalError if it cannot be opened.
    """

    def __init__(self, path: Path, encoding: str | None, block: int) -> None:
        self.path = path
        self.size_bytes = 0
        self.offset = 0
        self._digest = hashlib.sha256()
        self._file = opened(path)
        start = self._file.peek(4)[:4] if hasattr(self._file, "peek") else b""
        is_packed = start.startswith((_GZIP, _ZSTANDARD))
        self._marks = _marks(encoding)
        if start.startswith(_GZIP):
            unpacked = self._gunzipped(block)
        elif start.startswith(_ZSTANDARD):
            unpacked = self._unpacked_zstandard()
        else:
            unpacked = self._plain(block)
        self._rest = b""
        self._place = 0
        self._pieces: Iterator[bytes] = unpacked
        self.encoding = "utf-8"
        self.is_plain = not is_packed
        if encoding is None:
            return
        self._rest = self._at_least(8)
        if not has_mainframe_lines(encoding):
            _refuse_binary(path, self._rest)
        self.encoding = resolved(encoding, self._rest)
        if not is_utf8(self.encoding):
            self.is_plain = False
            self._pieces = self._converted(self._pieces, self._rest)
            self._rest = self._at_least(len(_MARK), b"")
        while self._rest.startswith(_MARK, self._place):
            self._place += len(_MARK)
            self._rest = self._at_least(self._place + len(_MARK))
        self.offset = self._place

    @property
    def sha256(self) -> str:
        """Hash of the bytes on disk, after all are read."""
        return self._digest.hexdigest()

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty only at the end.

        Raises: OperationalError if the file cannot be read or unpacked.
        """
        if self._place >= len(self._rest):
            self._rest, self._place = next(self._pieces, b""), 0
        if self._place == 0 and len(self._rest) <= size:
            piece, self._rest = self._rest, b""
            return piece
        piece = self._rest[self._place : self._place + size]
        self._place += len(piece)
        return piece

    def close(self) -> None:
        """Close the file and discard text that was read but not returned."""
        self._file.close()
        self._pieces, self._rest, self._place = iter(()), b"", 0

    def _at_least(self, count: int, start: bytes | None = None) -> bytes:
        found = self._rest if start is None else start
        while len(found) < count and (piece := next(self._pieces, b"")):
            found += piece
        return found

    def _from_disk(self, size: int) -> bytes:
        try:
            piece = self._file.read(size)
        except OSError as error:
            raise OperationalError(f"{self.path} cannot be read: {error.strerror}.") from error
        self._digest.update(piece)
        self.size_bytes += len(piece)
        return piece

    def _plain(self, block: int) -> Iterator[bytes]:
        while piece := self._from_disk(block):
            yield piece

    def _gunzipped(self, block: int) -> Iterator[bytes]:
        """Members one after the other; zero bytes between and after them are padding."""
        packed = line_end = b""
        while True:
            packed = (packed or self._from_disk(block)).lstrip(b"\0")
            if not packed:
                if piece := self._from_disk(block):
                    packed = piece
                    continue
                return
            member = zlib.decompressobj(wbits=31)
            held: bytes | None = b""
            while not member.eof:
                packed = packed or self._from_disk(block)
                try:
                    piece = member.decompress(packed, block)
                except zlib.error as error:
                    raise self._damaged("gzip", str(error)) from error
                if not piece and not packed and not member.eof:
                    raise self._damaged("gzip", "it ends in the middle")
                packed = member.unconsumed_tail
                if held is not None:
                    held += piece
                    if len(held) < len(_MARK) and not member.eof:
                        continue
                    piece, held = self._without_mark(held, line_end), None
                if piece:
                    line_end = (line_end[-1:] + piece[-2:])[-2:]
                    yield piece
            packed = member.unused_data

    def _unpacked_zstandard(self) -> Iterator[bytes]:
        import zstandard

        packed = line_end = b""
        while packed := packed or self._from_disk(_ZSTANDARD_PIECE):
            frame = zstandard.ZstdDecompressor().decompressobj()
            held: bytes | None = b""
            while not frame.eof:
                packed = packed or self._from_disk(_ZSTANDARD_PIECE)
                if not packed:
                    raise self._damaged("zstd", "it ends in the middle")
                try:
                    piece = frame.decompress(packed)
                except (zstandard.ZstdError, MemoryError) as error:
                    raise self._damaged("zstd", str(error)) from error
                packed = b""
                if held is not None:
                    held += piece
                    if len(held) < len(_MARK) and not frame.eof:
                        continue
                    piece, held = self._without_mark(held, line_end), None
                if piece:
                    line_end = (line_end[-1:] + piece[-2:])[-2:]
                    yield piece
            packed = frame.unused_data

    def _without_mark(self, piece: bytes, line_end: bytes) -> bytes:
        """The start of a packed member without byte order mark, if it starts a line."""
        for mark, end in self._marks:
            if line_end.endswith(end) and piece.startswith(mark):
                return piece[len(mark) :]
        return piece

    def _damaged(self, packing: str, why: str) -> OperationalError:
        return OperationalError(
            f"{self.path}: its {packing} data is damaged: {why}.",
            "Ask for it again; nothing of it was loaded.",
        )

    def _converted(self, pieces: Iterator[bytes], start: bytes) -> Iterator[bytes]:
        transcoder = Transcoder(self.encoding)
        if converted := transcoder.convert(start):
            yield converted
        for piece in pieces:
            if converted := transcoder.convert(piece):
                yield converted
        if converted := transcoder.convert(b"", is_last=True):
            yield converted


def _refuse_binary(path: Path, start: bytes) -> None:
    """Refuse a file that is no text at all, called by a wrong name.

    Raises: OperationalError that says what it is.
    """
    for mark, (what, remedy) in _BINARY.items():
        if start.startswith(mark):
            raise OperationalError(f"{path} is {what}, whatever its name says.", remedy)


def _marks(encoding: str | None) -> tuple[tuple[bytes, bytes], ...]:
    """Byte order marks of an encoding, each with the line end of the same byte order."""
    if encoding is None:
        return ()
    if is_utf8(encoding):
        return ((_MARK, b"\n"),)
    if codecs.lookup(encoding).name.startswith("utf-16"):
        return ((codecs.BOM_UTF16_LE, b"\n\0"), (codecs.BOM_UTF16_BE, b"\0\n"))
    return ()


class HeldBack:
    """A stream without its last record.

    Args:
        stream: The stream to read.
        count: More bytes than that record and blank lines after it.
        split: Splits the end of the stream into everything before its last record, and that record.
    Attributes:
        last: The last record, after everything else was read.
    """

    def __init__(
        self, stream: Stream, count: int, split: Callable[[bytes], tuple[bytes, bytes]]
    ) -> None:
        self._stream = stream
        self._count = count
        self._split = split
        self._held = b""
        self._is_over = False
        self.last = b""

    def read(self, size: int) -> bytes:
        """The next bytes; empty when only the last record is left."""
        while not self._is_over and len(self._held) <= self._count:
            piece = self._stream.read(size)
            self._held += piece
            if not piece:
                self._is_over = True
                self._held, self.last = self._split(self._held)
        place = len(self._held) if self._is_over else len(self._held) - self._count
        piece, self._held = self._held[:place], self._held[place:]
        return piece


def opened(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises: OperationalError if it is not a file or cannot be read.
    """
    try:
        if not path.is_file():
            raise OperationalError(f"{path} is not a file.", "Give a directory with files.")
        return path.open("rb")
    except OSError as error:
        raise OperationalError(f"{path} cannot be read: {error.strerror}.") from error
