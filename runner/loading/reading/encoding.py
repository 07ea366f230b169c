"""Convert text of any encoding to UTF-8, so that invalid bytes can be restored."""

from __future__ import annotations

import codecs
import re
from typing import Final

_KEPT: Final = re.compile("[\udc00-\udcff]+")
"""Invalid bytes become surrogates, which are not valid UTF-8, so that reading refuses them."""
_NEW_LINE_OF_MAINFRAMES: Final = "\x85"
_ERRORS: Final = "trustgate_keep_bytes"


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_ERRORS, _keep_bytes)


def is_utf8(encoding: str) -> bool:
    """Whether bytes of this encoding are UTF-8 without conversion."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def resolved(encoding: str, start: bytes) -> str:
    """The encoding with the byte order of the byte order mark at the start of the file."""
    name = codecs.lookup(encoding).name
    if name == "utf-16" and start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16-le" if start[:2] == codecs.BOM_UTF16_LE else "utf-16-be"
    if name == "utf-32" and start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32-le" if start[:4] == codecs.BOM_UTF32_LE else "utf-32-be"
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name)


class Transcoder:
    """Bytes of an encoding to UTF-8, piece by piece.

    Args:
        encoding: With its byte order.
    """

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)(_ERRORS)
        self._is_of_mainframes = has_mainframe_lines(encoding)

    def convert(self, piece: bytes, is_last: bool = False) -> bytes:
        """UTF-8 of the next piece; invalid bytes become invalid UTF-8."""
        text = self._decoder.decode(piece, is_last)
        if self._is_of_mainframes:
            text = text.replace(_NEW_LINE_OF_MAINFRAMES, "\n")
        return text.encode("utf-8", "surrogatepass")


def original(converted: bytes, encoding: str) -> bytes:
    """The bytes before a Transcoder of this encoding, except for line ends inside."""
    if is_utf8(encoding):
        return converted
    try:
        text = converted.decode("utf-8", "surrogatepass")
        parts: list[bytes] = []
        place = 0
        for kept in _KEPT.finditer(text):
            parts.append(text[place : kept.start()].encode(encoding))
            parts.append(bytes(ord(character) - 0xDC00 for character in kept.group()))
            place = kept.end()
        return b"".join([*parts, text[place:].encode(encoding)])
    except UnicodeError:
        # Cut in the middle of a character; the reason of the refusal is the same.
        return converted


def has_mainframe_lines(encoding: str) -> bool:
    """EBCDIC ends its lines with byte 0x15, which Python decodes as U+0085."""
    try:
        return b"\x15".decode(encoding) == _NEW_LINE_OF_MAINFRAMES
    except UnicodeDecodeError:
        return False
