"""The splitter: one record at a time, the same however much text is at hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.loading.reading import RejectReason
from runner.loading.reading.splitting import Splitter

PIECES = [b"a", b",", b'"', b'""', b'"a"', b"\n", b"\r\n", b"\r", b"\xc2\xa7"]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(b"".join)


@given(TEXTS, st.sampled_from([b",", "§".encode()]), st.sampled_from([4, 10, 100]))
@settings(deadline=None, max_examples=1000)
def test_more_text_never_changes_what_was_told(text: bytes, delimiter: bytes, longest: int) -> None:
    splitter = Splitter(delimiter, b'"', 3, longest)
    whole = splitter.split(text, 0, is_end=True)

    for length in range(1, len(text)):
        told = splitter.split(text[:length], 0, is_end=False)
        assert told is None or told == whole
    assert splitter.split(text, 0, is_end=False) in (None, whole)


@pytest.mark.parametrize("text", [b"abcde", b'"bcd"', b'"b\nd"'])
@pytest.mark.parametrize("line_end", [b"", b"\n"])
def test_a_record_may_be_as_long_as_said_and_no_longer(text: bytes, line_end: bytes) -> None:
    fits = Splitter(b",", b'"', 1, len(text)).split(text + line_end, 0, is_end=True)
    does_not = Splitter(b",", b'"', 1, len(text) - 1).split(text + line_end, 0, is_end=True)

    assert fits is not None and fits.reason is None
    assert fits.end == len(text)
    assert does_not is not None
    several = b"\n" in text
    assert does_not.reason is (RejectReason.BROKEN_QUOTING if several else RejectReason.TOO_LONG)
    assert does_not.next == (3 if several else len(text + line_end))


@given(TEXTS)
@settings(deadline=None, max_examples=1000)
def test_the_quick_way_for_short_lines_is_the_way_field_by_field(text: bytes) -> None:
    quick, slow = (Splitter(b",", b'"', count, 1000) for count in (2, 7))
    found = slow.split(text, 0, is_end=True)

    if found is not None and found.fields is not None and len(found.fields) == 7:
        found = Splitter(b",", b'"', 9, 1000).split(text, 0, is_end=True)
    assert quick.split(text, 0, is_end=True) == found
