"""Exceptions as a file, streamed by the database."""

from typing import BinaryIO

from psycopg import sql

from runner.postgres.database import Database, explained
from runner.workflow.exceptions.filters import CONDITION, Filter

_FORMULA = r"^[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""Start of a text that a spreadsheet evaluates, in East Asian ones in wide characters too."""
_NUMBER = r"^[-+]?[0-9]+([.,][0-9]+)*$"
FORMATS = ("csv", "jsonl")
_ORDER = " order by dataset, check_id, entity, record_key, exception_id"


def export_exceptions(
    database: Database, wanted: Filter, file_format: str, stream: BinaryIO
) -> None:
    """Write exceptions to a stream, in UTF-8, with times in UTC.

    In CSV, a text that a spreadsheet would take for a formula starts with an apostrophe; numbers
    do not.

    Args:
        file_format: `csv` with a header, or `jsonl` with one JSON object per line.
        stream: Target, written chunk by chunk.
    """
    rows = "select * from {quality.exceptions} where " + CONDITION + _ORDER
    if file_format == "csv":
        columns = sql.SQL(", ").join(map(_harmless, *zip(*_columns(database), strict=True)))
        statement = (
            sql.SQL("copy (select ")
            + columns
            + database.statement(
                " from (" + rows + ") as found) to stdout with (format csv, header)"
            )
        )
    else:
        # JSON text has no control characters, so that no value is quoted.
        statement = database.statement(
            "copy (select to_jsonb(found) from (" + rows + ") as found) to stdout"
            " with (format csv, quote E'\\x01', delimiter E'\\x02')"
        )
    with explained(), database.connection.transaction():
        database.connection.execute("set local timezone to 'UTC'")
        database.connection.execute("set local client_encoding to 'UTF8'")
        with database.connection.cursor().copy(statement, wanted.parameters()) as copied:
            for chunk in copied:
                stream.write(chunk)


def _columns(database: Database) -> list[tuple[str, bool]]:
    """Columns of the exceptions in their order, and whether each is text."""
    found = database.rows(
        """
        select attname as name, atttypid = 'text'::regtype as is_text
        from pg_attribute
        where attrelid = '{quality.exceptions}'::regclass and attnum > 0 and not attisdropped
        order by attnum
        """
    )
    return [(row["name"], row["is_text"]) for row in found]


def _harmless(name: str, is_text: bool) -> sql.Composable:
    """SQL of a column whose text no spreadsheet evaluates."""
    column = sql.Identifier(name)
    if not is_text:
        return column
    return sql.SQL(
        "case when {column} ~ {formula} and {column} !~ {number}"
        " then {apostrophe} || {column} else {column} end as {column}"
    ).format(
        column=column,
        formula=sql.Literal(_FORMULA),
        number=sql.Literal(_NUMBER),
        apostrophe=sql.Literal("'"),
    )
