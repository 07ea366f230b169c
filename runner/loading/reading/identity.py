"""The identity of an opened file, so that workers read the same content that was scanned."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runner.errors import OperationalError
from runner.loading.reading.segments import Segment
from runner.loading.reading.streams import opened

_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class FileIdentity:
    """A file with its size and the time of its last change.

    Attributes:
        size: In bytes.
        changed_at: In nanoseconds since 1970.
    """

    path: Path
    size: int
    changed_at: int

    @classmethod
    def of(cls, path: Path) -> FileIdentity:
        """The identity of the file now.

        Raises: OperationalError if it does not exist.
        """
        try:
            found = path.stat()
        except OSError as error:
            raise OperationalError(f"{path} cannot be read: {error.strerror}.") from error
        return cls(path, found.st_size, found.st_mtime_ns)

    def check(self) -> None:
        """Raises: OperationalError if the file was changed since."""
        if FileIdentity.of(self.path) != self:
            raise self._changed()

    def chunks(self, segment: Segment) -> Iterator[bytes]:
        """A segment's bytes, in pieces.

        Raises: OperationalError if the file changed since, or cannot be read.
        """
        if segment.data is not None:
            for place in range(0, len(segment.data), _CHUNK_BYTES):
                yield segment.data[place : place + _CHUNK_BYTES]
            return
        with opened(self.path) as file:
            found = os.fstat(file.fileno())
            if (found.st_size, found.st_mtime_ns) != (self.size, self.changed_at):
                raise self._changed()
            left = segment.length
            try:
                file.seek(segment.offset)
                while left:
                    piece = file.read(min(_CHUNK_BYTES, left))
                    if not piece:
                        raise self._changed()
                    left -= len(piece)
                    yield piece
            except OSError as error:
                raise OperationalError(f"{self.path} cannot be read: {error.strerror}.") from error

    def bytes_of(self, segment: Segment) -> bytes:
        """A segment's bytes, at once."""
        return segment.data if segment.data is not None else b"".join(self.chunks(segment))

    def _changed(self) -> OperationalError:
        return OperationalError(
            f"{self.path} changed while it was being loaded.", "Load it again once it is complete."
        )
