"""Bytes as readable text that can be converted back."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|([\\nrt]))")
_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG = {b"\\": b"\\", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def escaped(raw: bytes) -> str:
    r"""Bytes as text: printable UTF-8 unchanged, `\\`, `\n`, `\r`, `\t`, else `\xNN`."""
    return "".join(map(_escaped_character, raw.decode("utf-8", "surrogateescape")))


def unescaped(text: str) -> bytes:
    """The bytes of a text made by `escaped`."""

    def byte(match: re.Match[bytes]) -> bytes:
        return bytes.fromhex(match[1].decode()) if match[1] else _LONG[match[2]]

    return _ESCAPE.sub(byte, text.encode("utf-8"))


def _escaped_character(character: str) -> str:
    if (short := _SHORT.get(character)) is not None:
        return short
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
