"""Raw bytes as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.loading.reading.escaping import escaped, unescaped


@given(st.binary())
def test_any_bytes_come_back(raw: bytes) -> None:
    text = escaped(raw)

    assert unescaped(text) == raw
    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"1,caf\xc3\xa9", "1,café"),
        (b"a\tb\r\n", r"a\tb\r\n"),
        (b"\0\xff\\x41", r"\x00\xff\\x41"),
        ("\u00a0".encode(), r"\xc2\xa0"),
    ],
)
def test_what_people_can_read_stays_as_it_is(raw: bytes, text: str) -> None:
    assert escaped(raw) == text
