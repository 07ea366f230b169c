"""Exceptions as a file, streamed by the database."""

from typing import BinaryIO

from runner.postgres.database import Database, explained
from runner.workflow.exceptions.filters import CONDITION, Filter

FORMATS = ("csv", "jsonl")
_ORDER = " order by dataset, check_id, entity, record_key, exception_id"


def export_exceptions(
    database: Database, wanted: Filter, file_format: str, stream: BinaryIO
) -> None:
    """Write exceptions to a stream, in UTF-8, with times in UTC.

    Args:
        file_format: `csv` with a header, or `jsonl` with one JSON object per line.
        stream: Target, written chunk by chunk.
    """
    rows = "select * from {quality.exceptions} where " + CONDITION + _ORDER
    if file_format == "csv":
        statement = database.statement("copy (" + rows + ") to stdout with (format csv, header)")
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
