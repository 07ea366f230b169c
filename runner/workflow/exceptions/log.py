"""Log an exception from outside of the rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runner.errors import ConfigurationError
from runner.postgres.database import Database
from runner.workflow.exceptions.actor import checked_actor
from runner.workflow.exceptions.filters import Filter, validate_filter

LOG = """
    select {quality.log_exception}(
        %(dataset)s, %(entity)s, %(key)s, %(code)s, %(message)s, %(by)s, %(type)s, %(severity)s,
        %(payload)s::jsonb, %(stack)s, %(layer)s, %(table)s, %(batch)s
    ) as exception_id
"""


@dataclass(frozen=True)
class Logged:
    """An exception to log.

    Attributes:
        code: Name of what failed; no check of runs.
        message: Sentence that says why.
        by: Name of the user or program.
        type: One of TYPES.
        payload: Values, as JSON text; None if there are none.
        stack: Where it happened, None if unknown.
    """

    dataset: str
    entity: str
    key: str
    code: str
    message: str
    by: str
    type: str = "TRANSFORM_ERROR"
    severity: str = "ERROR"
    payload: str | None = None
    stack: str | None = None
    layer: str | None = None
    table: str | None = None
    batch: str | None = None


def log_exception(database: Database, logged: Logged) -> UUID:
    """Log an exception; logged again, it counts one more occurrence.

    Returns: Its id.
    Raises: ConfigurationError for an empty name, an unknown entity, a payload that is no JSON, or
        a check of runs as code.
    """
    for name in ("key", "code", "message"):
        if not str(getattr(logged, name)).strip():
            raise ConfigurationError(f"The {name} is empty.", f"Give it with --{name}.")
    by = checked_actor(logged.by)
    validate_filter(database, Filter(entities=(logged.entity,)))
    if logged.payload is not None:
        try:
            json.loads(logged.payload)
        except ValueError as error:
            raise ConfigurationError(f"The payload is no JSON: {error}.") from error
    _refuse_checks(database, logged.code)
    given: dict[str, Any] = {**vars(logged), "by": by}
    row = database.row(LOG, given)
    assert row is not None
    identity: UUID = row["exception_id"]
    return identity


def _refuse_checks(database: Database, code: str) -> None:
    found = database.row(
        "select 1 from {quality.dq_rules} where rule_id = %(code)s"
        " union all select 1 from {quality.recon_summary} where reconciliation = %(code)s"
        " union all select 1 from {quality.exception_findings} where check_id = %(code)s limit 1",
        {"code": code},
    )
    if found is not None:
        raise ConfigurationError(
            f"{code} is a check of runs, which decide whether it fails.",
            "Log with a code of your own.",
        )
