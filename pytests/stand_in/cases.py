"""Uses of the tests of the stand-in, each with the failing rows that Python says are right.

Columns of stored failures are the package's: one false `expression` for each failing row of a
condition, `value_field` for sets, the columns and `n_records` for duplicates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .sample import ROW_COUNT, Row

Failing = list[tuple[Any, ...]]

BETWEEN = "expect_column_values_to_be_between"
LENGTHS = "expect_column_value_lengths_to_be_between"
REGEX = "expect_column_values_to_match_regex"
NOT_REGEX = "expect_column_values_to_not_match_regex"
LIKE = "expect_column_values_to_match_like_pattern"
IN_SET = "expect_column_values_to_be_in_set"
NOT_IN_SET = "expect_column_values_to_not_be_in_set"
GREATER = "expect_column_pair_values_A_to_be_greater_than_B"
EQUAL = "expect_column_pair_values_to_be_equal"
COMPOUND = "expect_compound_columns_to_be_unique"
UNIQUE = "expect_column_values_to_be_unique"
OF_TYPE = "expect_column_values_to_be_of_type"
ROW_COUNT_BETWEEN = "expect_table_row_count_to_be_between"

EARLY = "row_id <= 3000"
QUANTITIES = {"column_A": "quantity", "column_B": "limit_quantity"}


@dataclass(frozen=True)
class Case:
    """One use of one test.

    name: Name of the dbt test, unique.
    column: Column the test stands under; none for a test of the table.
    expected: Failing rows as stored, from the rows of the sample; none where only an error is
        looked for.
    breaks_original: Whether the original package ends in an error here, so that there is
        nothing to compare with.
    """

    name: str
    test: str
    arguments: dict[str, Any] = field(default_factory=dict)
    column: str | None = None
    where: str | None = None
    expected: Callable[[list[Row]], Failing] = lambda rows: []
    breaks_original: bool = False


def false_for(fails: Callable[[Any], Any]) -> Callable[[list[Row]], Failing]:
    """One false expression for each row the predicate picks (Any: NULL is its business)."""
    return lambda rows: [(False,) for row in rows if fails(row)]


def values(column: str, fails: Callable[[Row], Any]) -> Callable[[list[Row]], Failing]:
    """The column's value of each row the predicate picks."""
    return lambda rows: [(getattr(row, column),) for row in rows if fails(row)]


def duplicates(
    columns: Iterable[str], counts: Callable[[Row], Any]
) -> Callable[[list[Row]], Failing]:
    """Combinations standing in several of the rows the predicate picks, and in how many."""
    names = tuple(columns)

    def failing(rows: list[Row]) -> Failing:
        found = Counter(tuple(getattr(row, name) for name in names) for row in rows if counts(row))
        return [(*key, count) for key, count in found.items() if count > 1]

    return failing


def groups(
    key: Callable[[Row], tuple[Any, ...]], fails: Callable[[int], bool]
) -> Callable[[list[Row]], Failing]:
    """Groups of rows whose number of rows the predicate picks."""
    return lambda rows: [
        (*group, False) for group, count in Counter(map(key, rows)).items() if fails(count)
    ]


def exactly(*failing: tuple[Any, ...]) -> Callable[[list[Row]], Failing]:
    """These failing rows, whatever the sample holds."""
    return lambda rows: list(failing)


def unmatched(pattern: str, flags: int = 0) -> Callable[[Row], bool]:
    """Rows whose word is NULL or not matched."""
    return lambda row: row.word is None or not re.search(pattern, row.word, flags)


def matched(pattern: str, flags: int = 0) -> Callable[[Row], bool]:
    """Rows whose word is matched."""
    return lambda row: row.word is not None and bool(re.search(pattern, row.word, flags))


def unlike(pattern: str) -> Callable[[Row], bool]:
    """Rows whose word is there and not wholly matched by this regular expression."""
    return lambda row: row.word is not None and not re.fullmatch(pattern, row.word, re.DOTALL)


def outside(column: str, low: Any = None, high: Any = None) -> Callable[[Row], bool]:
    """Rows whose value is there and below low or above high."""

    def fails(row: Row) -> bool:
        value = getattr(row, column)
        if value is None:
            return False
        return (low is not None and value < low) or (high is not None and value > high)

    return fails


def both(row: Row) -> bool:
    """Whether quantity and limit_quantity are there."""
    return row.quantity is not None and row.limit_quantity is not None


def early(row: Row) -> bool:
    """The row condition EARLY."""
    return row.row_id <= 3000


CASES: tuple[Case, ...] = (
    # --- between
    Case("between", BETWEEN, {"min_value": 0, "max_value": 5}, "quantity",
         expected=false_for(outside("quantity", 0, 5))),
    Case("between_zero_maximum", BETWEEN, {"max_value": 0}, "quantity",
         expected=false_for(outside("quantity", None, 0))),
    Case("between_strictly", BETWEEN, {"min_value": 0, "max_value": 5, "strictly": True},
         "quantity", expected=false_for(outside("quantity", 1, 4))),
    Case("between_condition", BETWEEN,
         {"min_value": 0, "row_condition": f"{EARLY} or word is null"}, "amount",
         expected=false_for(
             lambda row: (early(row) or row.word is None) and outside("amount", 0)(row))),
    Case("between_null_condition", BETWEEN, {"min_value": 0, "row_condition": "quantity > 3"},
         "amount", expected=false_for(
             lambda row: (row.quantity or 0) > 3 and outside("amount", 0)(row))),
    Case("between_dates", BETWEEN,
         {"min_value": "'2026-01-10'", "max_value": "cast('2026-02-01' as date)"}, "created_on",
         expected=false_for(outside("created_on", date(2026, 1, 10), date(2026, 2, 1)))),
    Case("between_column", BETWEEN, {"max_value": "limit_quantity + 1"}, "quantity",
         expected=false_for(lambda row: both(row) and row.quantity > row.limit_quantity + 1)),
    Case("between_where", BETWEEN, {"min_value": 0, "row_condition": EARLY}, "quantity",
         where="row_id > 1000", expected=false_for(
             lambda row: 1000 < row.row_id <= 3000 and outside("quantity", 0)(row))),
    Case("between_clean", BETWEEN, {"min_value": -5, "max_value": 14}, "quantity"),
    # --- lengths
    Case("lengths", LENGTHS, {"min_value": 1, "max_value": 4}, "word",
         expected=false_for(lambda row: row.word is not None and not 1 <= len(row.word) <= 4)),
    Case("lengths_zero_maximum", LENGTHS, {"max_value": 0}, "word",
         expected=false_for(lambda row: row.word)),
    Case("lengths_strictly", LENGTHS,
         {"min_value": 0, "max_value": 4, "strictly": True, "row_condition": EARLY}, "word",
         expected=false_for(
             lambda row: early(row) and row.word is not None and not 0 < len(row.word) < 4)),
    Case("lengths_quoted_column", LENGTHS, {"max_value": 5}, "Mixed Case",
         expected=false_for(lambda row: row.mixed_case is not None and len(row.mixed_case) > 5)),
    Case("lengths_clean", LENGTHS, {"min_value": 0, "max_value": 5}, "code"),
    # --- regular expressions
    Case("regex", REGEX, {"regex": "^o"}, "word", expected=false_for(unmatched("^o"))),
    Case("regex_flags", REGEX, {"regex": "^o", "flags": "i"}, "word",
         expected=false_for(unmatched("^[oO]"))),
    Case("regex_newline_flag", REGEX, {"regex": "^b", "flags": "n"}, "word",
         expected=false_for(unmatched("^b", re.MULTILINE))),
    Case("regex_backslash", REGEX, {"regex": r"\d{3}$", "is_raw": True}, "word",
         expected=false_for(unmatched(r"[0-9]{3}\Z"))),
    Case("regex_empty_match", REGEX, {"regex": "(z)?(q)?"}, "word",
         expected=false_for(lambda row: row.word is None)),
    Case("regex_unicode", REGEX, {"regex": "[ß本]|🙂"}, "word",
         expected=false_for(unmatched("[ß本]|🙂"))),
    Case("regex_doubled_quote", REGEX, {"regex": "^O''B"}, "word",
         expected=false_for(unmatched("^O'B"))),
    Case("regex_condition", REGEX, {"regex": "o", "row_condition": "word is not null"}, "word",
         expected=false_for(lambda row: row.word is not None and "o" not in row.word)),
    Case("regex_clean", REGEX, {"regex": "^C[0-9]{4}$", "row_condition": "code is not null"},
         "code"),
    Case("regex_quote", REGEX, {"regex": "^O'B"}, "word", breaks_original=True,
         expected=false_for(unmatched("^O'B"))),
    Case("regex_every_match", REGEX, {"regex": "o", "flags": "gi"}, "word", breaks_original=True,
         expected=false_for(unmatched("[oO]"))),
    Case("not_regex", NOT_REGEX, {"regex": "o"}, "word", expected=false_for(matched("o"))),
    Case("not_regex_flags", NOT_REGEX,
         {"regex": "^O", "flags": "i", "is_raw": True, "row_condition": EARLY}, "word",
         expected=false_for(lambda row: early(row) and matched("^[oO]")(row))),
    Case("not_regex_clean", NOT_REGEX, {"regex": "[xyz]{3}"}, "word"),
    Case("not_regex_quote", NOT_REGEX, {"regex": "'"}, "word", breaks_original=True,
         expected=false_for(matched("'"))),
    # --- like
    Case("like", LIKE, {"like_pattern": "%o%"}, "word", expected=false_for(unlike(".*o.*"))),
    Case("like_one_character", LIKE, {"like_pattern": "a_b", "row_condition": EARLY}, "word",
         expected=false_for(lambda row: early(row) and unlike("a.b")(row))),
    Case("like_escape", LIKE, {"like_pattern": "%\\%%"}, "word",
         expected=false_for(unlike(".*%.*"))),
    Case("like_clean", LIKE, {"like_pattern": "C____"}, "code"),
    Case("like_quote", LIKE, {"like_pattern": "%'%"}, "word", breaks_original=True,
         expected=false_for(unlike(".*'.*"))),
    # --- sets
    Case("in_set", IN_SET, {"value_set": ["open", "closed", "", "日本語", "open"]}, "word",
         expected=values("word", lambda row: row.word not in {"open", "closed", "", "日本語"})),
    Case("in_set_numbers", IN_SET, {"value_set": [1, 2, 3.0], "quote_values": False}, "quantity",
         expected=values("quantity", lambda row: row.quantity not in {1, 2, 3})),
    Case("in_set_of_null", IN_SET, {"value_set": ["null"], "quote_values": False}, "word",
         expected=values("word", lambda row: True)),
    Case("in_set_of_none", IN_SET, {"value_set": [None, True, 1]}, "word",
         expected=values("word", lambda row: row.word != "None")),
    Case("in_set_doubled_quote", IN_SET, {"value_set": ["O''Brien", "''", "it''''s"]}, "word",
         expected=values("word", lambda row: row.word not in {"O'Brien", "'", "it''s"})),
    Case("in_set_condition", IN_SET, {"value_set": ["open"], "row_condition": "word <> 'closed'"},
         "word", expected=values("word", lambda row: row.word not in {None, "closed", "open"})),
    Case("in_set_clean", IN_SET, {"value_set": ["open"], "row_condition": "word = 'open'"},
         "word"),
    Case("in_set_quote", IN_SET, {"value_set": ["O'Brien", "'"]}, "word", breaks_original=True,
         expected=values("word", lambda row: row.word not in {"O'Brien", "'"})),
    Case("not_in_set", NOT_IN_SET, {"value_set": ["open", "\t", "back\\slash"]}, "word",
         expected=values("word", lambda row: row.word in {"open", "\t", "back\\slash"})),
    Case("not_in_set_twice", NOT_IN_SET, {"value_set": ["a", "open", "open"]}, "word",
         expected=lambda rows: values("word", lambda row: row.word == "open")(rows) * 2),
    Case("not_in_set_numbers", NOT_IN_SET,
         {"value_set": [1, "1 + 1"], "quote_values": False, "row_condition": EARLY}, "quantity",
         expected=values("quantity", lambda row: early(row) and row.quantity in {1, 2})),
    Case("not_in_set_clean", NOT_IN_SET, {"value_set": ["nowhere", None, "Null"],
         "row_condition": "word is distinct from 'None'"}, "word"),
    Case("not_in_set_quote", NOT_IN_SET, {"value_set": ["O'Brien"]}, "word",
         breaks_original=True, expected=values("word", lambda row: row.word == "O'Brien")),
    # --- pairs
    Case("greater", GREATER, QUANTITIES,
         expected=false_for(lambda row: both(row) and not row.quantity > row.limit_quantity)),
    Case("greater_or_equal", GREATER, {**QUANTITIES, "or_equal": True},
         expected=false_for(lambda row: both(row) and not row.quantity >= row.limit_quantity)),
    Case("greater_condition", GREATER,
         {"column_A": "closed_on", "column_B": "created_on", "row_condition": EARLY},
         expected=false_for(lambda row: early(row) and row.closed_on and row.created_on
                            and not row.closed_on > row.created_on)),
    Case("greater_clean", GREATER, {"column_A": "row_id", "column_B": "row_id - 1"}),
    Case("equal", EQUAL, QUANTITIES,
         expected=false_for(lambda row: both(row) and row.quantity != row.limit_quantity)),
    Case("equal_condition", EQUAL,
         {"column_A": "word", "column_B": '"Mixed Case"', "row_condition": EARLY},
         expected=false_for(lambda row: early(row) and row.word is not None
                            and row.mixed_case is not None and row.word != row.mixed_case)),
    Case("equal_clean", EQUAL, {"column_A": "word", "column_B": "word"}),
    # --- unique
    Case("compound", COMPOUND, {"column_list": ["code", "quantity"]},
         expected=duplicates(["code", "quantity"],
                             lambda row: row.code is not None or row.quantity is not None)),
    Case("compound_any", COMPOUND,
         {"column_list": ["code", "quantity"], "ignore_row_if": "any_value_is_missing"},
         expected=duplicates(["code", "quantity"],
                             lambda row: row.code is not None and row.quantity is not None)),
    Case("compound_condition", COMPOUND,
         {"column_list": ["code", "quantity"], "row_condition": EARLY}, where="row_id > 500",
         expected=duplicates(["code", "quantity"], lambda row: 500 < row.row_id <= 3000 and (
             row.code is not None or row.quantity is not None))),
    Case("compound_condition_with_or", COMPOUND,
         {"column_list": ["code", "quantity"], "ignore_row_if": "any_value_is_missing",
          "row_condition": f"{EARLY} or row_id > 8000"},
         expected=duplicates(["code", "quantity"], lambda row: early(row) or (
             row.row_id > 8000 and row.code is not None and row.quantity is not None))),
    Case("compound_quoted", COMPOUND,
         {"column_list": ["Mixed Case", "word", "quantity"], "quote_columns": True},
         expected=duplicates(["mixed_case", "word", "quantity"], lambda row: not (
             row.mixed_case is None and row.word is None and row.quantity is None))),
    Case("compound_clean", COMPOUND, {"column_list": ["row_id", "word"]}),
    Case("unique", UNIQUE, {}, "code",
         expected=duplicates(["code"], lambda row: row.code is not None)),
    Case("unique_condition", UNIQUE, {"row_condition": EARLY}, "code",
         expected=duplicates(["code"], lambda row: row.code is not None and early(row))),
    Case("unique_quoted_column", UNIQUE, {}, "Mixed Case",
         expected=duplicates(["mixed_case"], lambda row: row.mixed_case is not None)),
    Case("unique_clean", UNIQUE, {}, "row_id"),
    # --- types
    Case("type_same", OF_TYPE, {"column_type": "integer"}, "quantity"),
    Case("type_any_case", OF_TYPE, {"column_type": "Character Varying"}, "code"),
    Case("type_other", OF_TYPE, {"column_type": "date"}, "word",
         expected=exactly(("WORD", "TEXT"))),
    Case("type_alias", OF_TYPE, {"column_type": "int"}, "quantity",
         expected=exactly(("QUANTITY", "INTEGER"))),
    Case("type_with_precision", OF_TYPE, {"column_type": "numeric(10,2)"}, "amount",
         expected=exactly(("AMOUNT", "NUMERIC"))),
    Case("type_of_quoted_column", OF_TYPE, {"column_type": "date"}, "Mixed Case"),
    Case("type_of_no_column", OF_TYPE, {"column_type": "date"}, "nowhere"),
    # --- row counts
    Case("rows_few", ROW_COUNT_BETWEEN, {"min_value": ROW_COUNT + 1}, expected=exactly((False,))),
    Case("rows_zero_maximum", ROW_COUNT_BETWEEN, {"max_value": 0}, expected=exactly((False,))),
    Case("rows_same", ROW_COUNT_BETWEEN, {"min_value": ROW_COUNT, "max_value": ROW_COUNT}),
    Case("rows_strictly", ROW_COUNT_BETWEEN, {"min_value": ROW_COUNT, "strictly": True},
         expected=exactly((False,))),
    Case("rows_none", ROW_COUNT_BETWEEN, {"min_value": 1, "row_condition": "false"},
         expected=exactly((False,))),
    Case("rows_condition", ROW_COUNT_BETWEEN,
         {"min_value": 3000, "max_value": 3000, "row_condition": EARLY}),
    Case("rows_of_groups", ROW_COUNT_BETWEEN,
         {"min_value": 55, "max_value": 345, "group_by": ["word", "quantity is null"]},
         expected=groups(lambda row: (row.word, row.quantity is None),
                         lambda count: not 55 <= count <= 345)),
    Case("rows_of_no_groups", ROW_COUNT_BETWEEN,
         {"min_value": 1, "group_by": ["word"], "row_condition": "false"}),
)  # fmt: skip
