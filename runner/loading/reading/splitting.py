"""Split a delimited file into records and values: the definition that all other readers follow."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from runner.loading.reading.segments import RejectReason

_SHORT_LINE_BYTES: Final = 64 << 10
"""Largest number of fields for which a line is matched as a whole, which is faster."""
UNCLOSED: Final = "a quote that is not closed where a value ends"


class Split(NamedTuple):
    """One record of a file; a tuple, because there is one for each record.

    Attributes:
        end: End of its text, without the line end.
        next: Start of the next record.
        fields: Its values as bytes, None for an empty unquoted value; None if it is broken.
        reason: Why it is refused, None if it is not.
        detail: Description of the error.
    """

    end: int
    next: int
    fields: list[bytes | None] | None
    reason: RejectReason | None = None
    detail: str = ""


class Splitter:
    r"""Splits text into records, strictly by RFC 4180.

    A record ends with a line feed outside quotes, with or without a carriage return before it. A
    value is quoted as a whole or not at all; a quote inside it is doubled. At the start of a record
    there are four outcomes:

    1. The physical line is longer than `longest`: it is refused (TOO_LONG).
    2. A record follows, perhaps of several lines, of at most `longest` bytes.
    3. A record follows, but with a carriage return outside quotes: refused as a whole
    (CARRIAGE_RETURN).
    4. The quoting is broken, or the record is not complete within `longest` bytes or before the
       text ends: its first physical line is refused (BROKEN_QUOTING), and reading goes on with the
       next line, so that one stray quote never swallows a file.

    The reader checks the number of values, and whether they are valid text.

    Args:
        delimiter: One character, in UTF-8.
        quote: One byte, or None: then nothing is quoted.
        field_count: Number of columns; records with this number are split faster.
        longest: Largest size of a record in bytes, without its line end.
    """

    def __init__(
        self, delimiter: bytes, quote: bytes | None, field_count: int, longest: int
    ) -> None:
        self.delimiter = delimiter
        self.quote = quote
        self.longest = longest
        self._pattern: re.Pattern[bytes] | None = None
        if quote is not None and len(delimiter) == 1:
            one, mark = re.escape(delimiter), re.escape(quote)
            field = b"(%b[^%b]*(?:%b%b[^%b]*)*%b|[^%b%b\r]*)" % (
                *(mark, mark, mark, mark, mark, mark),
                *(mark, one),
            )
            self._pattern = re.compile(one.join([field] * field_count))

    def split(self, text: bytes, start: int, is_end: bool) -> Split | None:
        """The record at `start`, which must lie within the text.

        Args:
            is_end: Whether nothing follows the text.
        Returns: None if more text is needed.
        """
        new_line = text.find(b"\n", start, start + self.longest + 1)
        if new_line < 0:
            is_known = len(text) - start > self.longest
            if not is_known and not is_end:
                return None
            if is_known:
                return self._too_long(text, start, is_end)
        end = new_line if new_line >= 0 else len(text)
        following = end + 1 if new_line >= 0 else end
        if end > start and new_line >= 0 and text[end - 1] == 13:
            end -= 1
        if self.quote is None or text.find(self.quote, start, end) < 0:
            line = text[start:end]
            fields: list[bytes | None] = [value or None for value in line.split(self.delimiter)]
            if b"\r" in line:
                return _lone_return(end, following, fields)
            return Split(end, following, fields)
        if self._pattern is not None and end - start <= _SHORT_LINE_BYTES:
            match = self._pattern.fullmatch(text, start, end)
            if match is not None:
                return Split(end, following, [self._value(value) for value in match.groups()])
        return self._split_slowly(text, start, end, following, is_end)

    def _too_long(self, text: bytes, start: int, is_end: bool) -> Split | None:
        new_line = text.find(b"\n", start + self.longest)
        if new_line < 0 and not is_end:
            return None
        end = new_line if new_line >= 0 else len(text)
        following = end + 1 if new_line >= 0 else end
        detail = f"a line of more than {self.longest:,} bytes"
        return Split(end, following, None, RejectReason.TOO_LONG, detail)

    def _value(self, field: bytes) -> bytes | None:
        """A field of a matched line, with its quotes, as a value."""
        assert self.quote is not None
        if not field:
            return None
        if field.startswith(self.quote):
            return field[1:-1].replace(self.quote * 2, self.quote)
        return field

    def _split_slowly(
        self, text: bytes, start: int, line_end: int, next_line: int, is_end: bool
    ) -> Split | None:
        """The same, by field; `line_end` and `next_line` belong to the first physical line."""
        assert self.quote is not None
        quote, delimiter = self.quote, self.delimiter
        limit = min(len(text), start + self.longest + 1)
        # A record without an end may continue in text that was not read yet.
        is_cut = limit == len(text) and not is_end
        fields: list[bytes | None] = []
        has_return = False
        place = start

        def broken(detail: str) -> Split:
            # Beyond the first line, the detail must not depend on the amount of text that was read.
            detail = detail if place <= line_end else UNCLOSED
            return Split(line_end, next_line, None, RejectReason.BROKEN_QUOTING, detail)

        while True:
            if text.startswith(quote, place):
                close = place + 1
                while (close := text.find(quote, close, limit)) >= 0 and text.startswith(
                    quote, close + 1
                ):
                    close += 2
                if close < 0 or close >= limit:
                    return None if is_cut else broken(UNCLOSED)
                fields.append(text[place + 1 : close].replace(quote * 2, quote))
                place = close + 1
                if text.startswith(delimiter, place):
                    place += len(delimiter)
                    continue
                if text.startswith(b"\n", place):
                    end, following = place, place + 1
                elif text.startswith(b"\r\n", place):
                    end, following = place, place + 2
                elif place == len(text) and is_end:
                    end = following = place
                elif is_cut and len(text) - place < max(2, len(delimiter)):
                    return None
                else:
                    return broken("text after a closing quote")
                break
            new_line = text.find(b"\n", place, limit)
            end = new_line if new_line >= 0 else limit
            stop = text.find(delimiter, place, end)
            is_last = stop < 0
            if is_last:
                stop = end
            if text.find(quote, place, stop) >= 0:
                return broken("a quote inside a value that is not quoted")
            if is_last and new_line < 0 and not (end == len(text) and is_end):
                return None if is_cut else broken(UNCLOSED)
            if is_last and new_line >= 0 and stop > place and text[stop - 1] == 13:
                stop -= 1
            value = text[place:stop]
            has_return = has_return or b"\r" in value
            fields.append(value or None)
            if is_last:
                end, following = stop, (new_line + 1 if new_line >= 0 else end)
                break
            place = stop + len(delimiter)
        if end - start > self.longest:
            return broken(UNCLOSED)
        if has_return:
            return _lone_return(end, following, fields)
        return Split(end, following, fields)


def _lone_return(end: int, following: int, fields: list[bytes | None]) -> Split:
    detail = "a carriage return without a line feed, outside quotes"
    return Split(end, following, fields, RejectReason.CARRIAGE_RETURN, detail)
