"""The verdict of a run, read from the quality relations: the decision and its details."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from runner.dbt.invocation import Invocation, NodeResult
from runner.dbt.messages import clean_message
from runner.errors import RunnerError
from runner.exit_codes import ExitCode
from runner.gate.attempts import Attempts, attempts_of
from runner.gate.decision import (
    Gate,
    decide,
    decide_unchanged,
    gate_test,
    is_gate_test,
    not_evaluated,
)
from runner.postgres.database import Database, explained
from runner.workflow.alterations import Alteration, alterations_of
from runner.workflow.causes.model import Group
from runner.workflow.causes.search import explain_exceptions
from runner.workflow.suppressions import expiring_suppressions

SAMPLE_OF_CHECK = 3
SAMPLE_RECORDS = 10
SAMPLE_RECONCILIATIONS = 5
SAMPLE_CAUSES = 3
SECONDS_FOR_CAUSES = 20


@dataclass(frozen=True)
class Check:
    """One row of the gate.

    Attributes:
        kind: rule, entity, reconciliation, load, freshness or test.
        open_count: Failures that count against the gate.
        suppressed_count: Failures under a suppression.
        accepted_count: Mismatches that a user accepted, and whose values have not changed since.
        allowed: The limit that the gate allows, as text.
        is_open: Whether this check passes.
        sample: Keys of a few failing records.
    """

    check_id: str
    kind: str
    entity: str | None
    severity: str | None
    open_count: int
    suppressed_count: int
    allowed: str
    is_open: bool
    detail: str
    sample: tuple[str, ...] = ()
    accepted_count: int = 0


@dataclass(frozen=True)
class Reconciliation:
    """One comparison that failed.

    Attributes:
        grain: What was compared, such as a day and a currency; empty for a comparison of
            everything.
        discrepancy: Actual minus expected.
        compared: Records or values compared.
    """

    reconciliation: str
    kind: str
    grain: dict[str, Any]
    metric_date: date | str | None
    metric_name: str | None
    expected: Decimal | None
    actual: Decimal | None
    discrepancy: Decimal | None
    tolerance: str | None
    compared: int | None


@dataclass(frozen=True)
class FailingRecord:
    """One open exception."""

    entity: str
    record_key: str
    check_id: str
    severity: str
    message: str
    actual: str | None
    expected: str | None


@dataclass(frozen=True)
class FailedNode:
    """A dbt node that ended in an error, or a dbt test that failed."""

    name: str
    status: str
    failures: int | None
    message: str
    path: str


@dataclass(frozen=True)
class Verdict:
    """The whole verdict of a run.

    Attributes:
        reason: The decision and its reason.
        published: Marts that this run published; empty if the gate is shut.
        checks: All rows of the gate, shut ones first.
        reconciliations: The failed comparisons with the largest relative difference.
        reconciliation_count: Number of failed comparisons.
        records: A sample of failing records, from several checks.
        record_count: Number of failing records.
        causes: What failing records have in common, if anything is significant.
        broken: dbt nodes with an error.
        failed_tests: dbt tests with severity error that failed, without the test of the gate
            itself.
        seconds: Duration of the run, dbt included.
        expiring: Suppressions that expire within 7 days.
        attempts: Failing records that were evaluated again, when due or on request.
        altered: A sample of the rows that were altered from outside: those not restored yet, and
            those that this run restored.
        altered_count: Number of such rows.
    """

    run_id: str
    dataset: str
    gate: Gate
    exit_code: ExitCode
    reason: str
    published: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    reconciliations: tuple[Reconciliation, ...] = ()
    reconciliation_count: int = 0
    records: tuple[FailingRecord, ...] = ()
    record_count: int = 0
    causes: tuple[Group, ...] = ()
    broken: tuple[FailedNode, ...] = ()
    failed_tests: tuple[FailedNode, ...] = ()
    seconds: float = 0.0
    expiring: tuple[dict[str, Any], ...] = ()
    attempts: Attempts = field(default_factory=Attempts)
    altered: tuple[Alteration, ...] = ()
    altered_count: int = 0

    @property
    def shut_checks(self) -> tuple[Check, ...]:
        """Checks that shut the gate."""
        return tuple(check for check in self.checks if not check.is_open)


def evaluate(
    database: Database,
    invocation: Invocation,
    marts: Collection[str],
    dataset: str,
    seconds: float,
) -> Verdict:
    """Read the verdict after an invocation of dbt.

    The gate is the one that this run read: when it published, else at its end.

    Args:
        marts: Names of all models that publish, selected or not.
    """
    broken = tuple(map(_failed_node, invocation.failed_nodes()))
    expiring = tuple(expiring_suppressions(database))
    altered, altered_count = alterations_of(database, invocation.run_id, dataset)
    failed_tests = tuple(
        _failed_node(result)
        for result in invocation.results
        if result.status == "fail" and not is_gate_test(result)
    )
    reading = _reading(database, invocation.run_id)
    if gate_test(invocation.results) is None and not (reading and reading.published):
        decision = not_evaluated(invocation.results)
        return Verdict(
            run_id=invocation.run_id,
            dataset=dataset,
            gate=decision.gate,
            exit_code=decision.exit_code,
            reason=decision.reason,
            broken=broken,
            failed_tests=failed_tests,
            seconds=seconds,
            expiring=expiring,
            altered=altered,
            altered_count=altered_count,
        )
    state = _state(database, dataset, reading)
    decision = decide(
        len(state.shut_checks),
        invocation.results,
        marts,
        governed=reading.published if reading else (),
        other_dataset=", ".join(reading.datasets - {dataset}) if reading else "",
    )
    return replace(
        state,
        run_id=invocation.run_id,
        gate=decision.gate,
        exit_code=decision.exit_code,
        reason=decision.reason,
        published=decision.published,
        broken=broken,
        failed_tests=failed_tests,
        seconds=seconds,
        expiring=expiring,
        attempts=attempts_of(database, invocation.run_id),
        altered=altered,
        altered_count=altered_count,
    )


def unchanged(
    database: Database, run_id: str, dataset: str, last_run: str, seconds: float
) -> tuple[Verdict, tuple[dict[str, Any], ...]] | None:
    """Read the verdict after the last run, for a run that has nothing to build.

    Returns: The verdict, and the rows of the gate that it was read from; None if the gate is of
        another dataset.
    """
    rows = _read_gate(database)
    if {row["dataset"] for row in rows} != {dataset}:
        return None
    state = _state(database, dataset, _Reading((), rows))
    decision = decide_unchanged(len(state.shut_checks), last_run)
    altered, altered_count = alterations_of(database, run_id, dataset)
    verdict = replace(
        state,
        run_id=run_id,
        gate=decision.gate,
        exit_code=decision.exit_code,
        reason=decision.reason,
        seconds=seconds,
        expiring=tuple(expiring_suppressions(database)),
        altered=altered,
        altered_count=altered_count,
    )
    return verdict, rows


@dataclass(frozen=True)
class _Reading:
    """The reading of the gate that a run recorded.

    Attributes:
        published: Marts that were published under it, in the same transaction.
        checks: Rows of the gate.
    """

    published: tuple[str, ...]
    checks: tuple[dict[str, Any], ...]

    @property
    def datasets(self) -> set[str]:
        """The dataset that the gate was built for."""
        return {row["dataset"] for row in self.checks}


def _reading(database: Database, run_id: str) -> _Reading | None:
    """The reading of the gate that a run recorded, None if it read none."""
    if not database.has("quality.gate_readings"):
        return None
    row = database.row(
        "select published, checks from {quality.gate_readings} where run_id = %s", [run_id]
    )
    return _Reading(tuple(row["published"]), tuple(row["checks"])) if row else None


def _state(database: Database, dataset: str, reading: _Reading | None = None) -> Verdict:
    """The state of a dataset in the quality relations, without run and reason.

    Args:
        reading: The gate as a run read it, None to read it now.
    """
    records, record_count, samples = _failing_records(database, dataset)
    reconciliations, reconciliation_count = _failed_reconciliations(database, dataset)
    checks = _checks(reading.checks if reading else _read_gate(database), samples)
    is_shut = not all(check.is_open for check in checks)
    return Verdict(
        run_id="",
        dataset=dataset,
        gate=Gate.SHUT if is_shut else Gate.OPEN,
        exit_code=ExitCode.GATE_SHUT if is_shut else ExitCode.GATE_OPEN,
        reason="",
        checks=checks,
        reconciliations=reconciliations,
        reconciliation_count=reconciliation_count,
        records=records,
        record_count=record_count,
        causes=_causes(database, dataset) if is_shut else (),
    )


def _failed_node(result: NodeResult) -> FailedNode:
    return FailedNode(
        name=result.name,
        status=result.status,
        failures=result.failures,
        message=clean_message(result.message),
        path=result.path,
    )


def _read_gate(database: Database) -> tuple[dict[str, Any], ...]:
    """The rows of the gate as they are now."""
    return tuple(
        row["check"]
        for row in database.rows("select to_jsonb(gate) as check from {quality.gate} as gate")
    )


def _checks(
    rows: Iterable[dict[str, Any]], samples: dict[tuple[str, str | None], tuple[str, ...]]
) -> tuple[Check, ...]:
    """The checks of the gate, shut ones first."""
    found = sorted(
        rows,
        key=lambda row: (
            row["is_open"],
            -(row["open_count"] or 0),
            row["kind"],
            row["check_id"],
            row["entity"] or "",
        ),
    )
    return tuple(
        Check(
            check_id=row["check_id"],
            kind=row["kind"],
            entity=row["entity"],
            severity=row["severity"],
            open_count=int(row["open_count"] or 0),
            suppressed_count=int(row["suppressed_count"] or 0),
            allowed=str(row["allowed"] or "0"),
            is_open=bool(row["is_open"]),
            detail=str(row["detail"] or ""),
            sample=samples.get((row["check_id"], row["entity"]), ()),
            accepted_count=int(row.get("accepted_count") or 0),
        )
        for row in found
    )


def _failing_records(
    database: Database, dataset: str
) -> tuple[tuple[FailingRecord, ...], int, dict[tuple[str, str | None], tuple[str, ...]]]:
    """A sample of open exceptions, their number, and sample keys of each check and entity.

    The sample takes one exception of each check in turn; warnings, which never shut the gate, come
    last.
    """
    found = database.rows(
        "select * from ("
        " select entity, record_key, check_id, severity, message,"
        " details ->> 'actual' as actual, details ->> 'expected' as expected,"
        " count(*) over () as total,"
        " row_number() over (partition by check_id, entity order by record_key) as place"
        " from {quality.open_exceptions} where dataset = %s"
        ") as exceptions where place <= %s"
        " order by severity = 'WARNING', place, check_id, entity",
        [dataset, SAMPLE_RECORDS],
    )
    samples: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for row in found:
        place = (row["check_id"], row["entity"])
        if row["place"] <= SAMPLE_OF_CHECK:
            samples[place] = (*samples.get(place, ()), str(row["record_key"]))
    records = tuple(
        FailingRecord(
            entity=str(row["entity"]),
            record_key=str(row["record_key"]),
            check_id=row["check_id"],
            severity=str(row["severity"]),
            message=str(row["message"] or ""),
            actual=row["actual"],
            expected=row["expected"],
        )
        for row in found[:SAMPLE_RECORDS]
    )
    return records, int(found[0]["total"]) if found else 0, samples


def _causes(database: Database, dataset: str) -> tuple[Group, ...]:
    """The likeliest causes; none if finding them fails or takes too long."""
    try:
        with explained(), database.connection.transaction():
            database.execute(f"set local statement_timeout = '{SECONDS_FOR_CAUSES}s'")
            return explain_exceptions(database, dataset).causes[:SAMPLE_CAUSES]
    except RunnerError:
        return ()


def _failed_reconciliations(
    database: Database, dataset: str
) -> tuple[tuple[Reconciliation, ...], int]:
    """The failed comparisons with the largest relative difference, and the number that failed.

    The worst of each reconciliation comes before the second worst of any.
    """
    found = database.rows(
        "select *, row_number() over (partition by reconciliation order by rank) as place,"
        " count(*) over () as total from ("
        " select reconciliation, kind, grain, metric_date, metric_name, expected_value,"
        " actual_value, discrepancy, tolerance::text as tolerance, compared,"
        " row_number() over ("
        " order by abs(discrepancy) / nullif(abs(expected_value), 0) desc nulls last,"
        " abs(discrepancy) desc nulls last, reconciliation, metric_date, metric_name"
        " ) as rank from {quality.recon_summary} where dataset = %s and not passed"
        ") as failed order by place, rank limit %s",
        [dataset, SAMPLE_RECONCILIATIONS],
    )
    worst = tuple(
        Reconciliation(
            reconciliation=row["reconciliation"],
            kind=row["kind"],
            grain=row["grain"] or {},
            metric_date=row["metric_date"],
            metric_name=row["metric_name"],
            expected=row["expected_value"],
            actual=row["actual_value"],
            discrepancy=row["discrepancy"],
            tolerance=row["tolerance"],
            compared=row["compared"],
        )
        for row in found
    )
    return worst, int(found[0]["total"]) if found else 0
