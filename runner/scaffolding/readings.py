"""Read the values of a sample with the functions that base uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runner.postgres.database import Database, explained
from runner.scaffolding.sample import Sample

WHITE_SPACE = " \t\r\n"
"""Characters that base removes from both ends of a text; an empty text is then NULL."""


@dataclass(frozen=True)
class Form:
    """A way to read text.

    Attributes:
        type: A type of `parses_as`.
        declared: The entry in `meta: formats` for the column; empty if it needs none.
    """

    type: str
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """The result of reading the values of a column in one form.

    Attributes:
        unreadable: Number of records whose value cannot be read.
        example: The text of one of them, empty if there is none.
        distinct: Number of distinct values.
        in_future: Number of records with a time in the future.
        digits: Largest number of digits before the decimal mark.
        scale: Largest number of digits after it.
    """

    form: Form
    unreadable: int
    example: str
    distinct: int
    in_future: int
    digits: int
    scale: int


@dataclass(frozen=True)
class Values:
    """The values of a column in the sample.

    Attributes:
        records: Records of the sample.
        counts: Number of records for each text, without those that base reads as NULL.
    """

    records: int
    counts: Mapping[str, int]

    @property
    def filled(self) -> int:
        """Number of records with a value."""
        return sum(self.counts.values())

    @property
    def blank(self) -> int:
        """Number of records without a value."""
        return self.records - self.filled


def values_of(sample: Sample) -> dict[str, Values]:
    """The values of each column."""
    found = {}
    for column in sample.columns:
        texts = (record.get(column) for record in sample.records)
        filled = (text for text in texts if text is not None and text.strip(WHITE_SPACE))
        found[column] = Values(len(sample.records), Counter(filled))
    return found


PLAIN_FORMS = tuple(map(Form, ("uuid", "boolean", "bigint", "numeric", "date", "timestamptz")))
"""The forms that base reads without declared formats."""
_DATE_FORMS = (
    *(["iso", "eu"], ["YYYYMMDD"], ["DD.MM.YYYY"], ["DD-MM-YYYY"], ["YYYY/MM/DD"], ["YYYY.MM.DD"]),
)
_TIME_FORMS = (
    *(["iso", "eu"], ["DD.MM.YYYY HH24:MI"], ["DD.MM.YYYY HH24:MI:SS"], ["DD-MM-YYYY HH24:MI:SS"]),
    *(["YYYYMMDDHH24MI"], ["YYYYMMDDHH24MISS"], ["YYYY/MM/DD HH24:MI:SS"]),
)
DECLARED_FORMS = (
    Form("numeric", {"decimal_mark": ","}),
    *(Form("date", {"timestamp_formats": forms}) for forms in _DATE_FORMS),
    *(Form("timestamptz", {"timestamp_formats": forms}) for forms in _TIME_FORMS),
)
"""Other forms, which an entity has to declare."""


def read(
    database: Database, values: Mapping[str, Values], forms: Sequence[Form]
) -> dict[str, list[Reading]]:
    """Read the values of columns in several forms.

    Args:
        values: Values of each column.
    Returns: For each column that has values, a reading for each form, in the order of the forms.
    """
    columns = [column for column in values if values[column].counts]
    found: dict[str, list[Reading]] = {column: [] for column in columns}
    with explained(), database.connection.transaction():
        database.execute(
            "create temporary table sampled (place integer, value text, records bigint)"
            " on commit drop"
        )
        with database.connection.cursor().copy("copy sampled from stdin") as copy:
            for place, column in enumerate(columns):
                for value, records in values[column].counts.items():
                    copy.write_row((place, value, records))
        for form in forms:
            forms_of_time = form.declared.get("timestamp_formats")
            for row in database.rows(_question(form), [forms_of_time] if forms_of_time else ()):
                found[columns[row.pop("place")]].append(Reading(form, **row))
    return found


def _question(form: Form) -> str:
    """SQL with one row for each column: the result of reading its values in this form."""
    call = {
        "bigint": "{quality.try_integer}(value)",
        "numeric": "{quality.try_numeric}(value)",
        "date": "{quality.try_date}(value)",
        "timestamptz": "{quality.try_timestamptz}(value)",
        "boolean": "{quality.try_boolean}(value)",
        "uuid": "{quality.try_uuid}(value)",
    }[form.type]
    if "decimal_mark" in form.declared:
        call = "{quality.try_numeric}(translate(value, '.,', ',.'))"
    elif form.declared:
        call = {
            "date": "{quality.try_date}(value, %s::text[])",
            "timestamptz": "{quality.try_timestamptz}(value, %s::text[], 'UTC')",
        }[form.type]
    is_number, is_time = form.type in ("bigint", "numeric"), form.type in ("date", "timestamptz")
    digits = "max(length(trunc(abs(found))::text))" if is_number else "0"
    scale = "max(scale(found))" if is_number else "0"
    future = "sum(records) filter (where found > now())" if is_time else "0"
    return (
        "select place,"
        " coalesce(sum(records) filter (where found is null), 0)::bigint as unreadable,"
        " coalesce(min(value) filter (where found is null), '') as example,"
        " count(distinct found::text) as distinct,"
        f" coalesce({future}, 0)::bigint as in_future,"
        f" coalesce({digits}, 0) as digits, coalesce({scale}, 0) as scale"
        f" from (select place, value, records, {call} as found from sampled) as readings"
        " group by place order by place"
    )
