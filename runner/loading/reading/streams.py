"""Streams of a file: hashed on disk, unpacked, converted to UTF-8, in bounded memory."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from runner.errors import OperationalError
from runner.loading.reading.encoding import Transcoder, is_utf8, resolved

_GZIP = b"\x1f\x8b\x08"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_MARK = "\ufeff".encode()
_ZSTANDARD_PIECE = 512
"""Four bytes of zstd can unpack to 128 KB; this limits the unpacked size to 16 MB at a time."""


class Stream(Protocol):
    """Bytes to read in order."""

    def read(self, size: int) -> bytes:
        """About `size` bytes; empty only at the end."""


class FileStream:
    """A file's text as UTF-8 without its byte order mark.

    Args:
        path: The file, plain or packed with gzip or zstd.
        encoding: Encoding of the unpacked text; None for binary content, which is not converted.
    Attributes:
        encoding: With its byte order.
        is_plain: Whether the bytes are those of the file from `offset` on.
        offset: Length of the byte order mark.
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
        self._rest = self._at_least(4)
        self.encoding = resolved(encoding, self._rest)
        if not is_utf8(self.encoding):
            self.is_plain = False
            self._pieces = self._converted(self._pieces, self._rest)
            self._rest = self._at_least(len(_MARK), b"")
        if self._rest.startswith(_MARK):
            self._place = len(_MARK)
            self.offset = len(_MARK)

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
        packed = b""
        while True:
            packed = (packed or self._from_disk(block)).lstrip(b"\0")
            if not packed:
                if piece := self._from_disk(block):
                    packed = piece
                    continue
                return
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                packed = packed or self._from_disk(block)
                try:
                    piece = member.decompress(packed, block)
                except zlib.error as error:
                    raise self._damaged("gzip", str(error)) from error
                if not piece and not packed and not member.eof:
                    raise self._damaged("gzip", "it ends in the middle")
                packed = member.unconsumed_tail
                if piece:
                    yield piece
            packed = member.unused_data

    def _unpacked_zstandard(self) -> Iterator[bytes]:
        import zstandard

        packed = b""
        while packed := packed or self._from_disk(_ZSTANDARD_PIECE):
            frame = zstandard.ZstdDecompressor().decompressobj()
            while not frame.eof:
                packed = packed or self._from_disk(_ZSTANDARD_PIECE)
                if not packed:
                    raise self._damaged("zstd", "it ends in the middle")
                try:
                    piece = frame.decompress(packed)
                except (zstandard.ZstdError, MemoryError) as error:
                    raise self._damaged("zstd", str(error)) from error
                packed = b""
                if piece:
                    yield piece
            packed = frame.unused_data

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
