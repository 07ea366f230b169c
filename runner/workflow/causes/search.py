"""Group open exceptions by likely cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runner.errors import ConfigurationError
from runner.postgres.database import Database, explained
from runner.workflow.causes.actions import actions_for
from runner.workflow.causes.evidence import MINIMUM_FAILING, Evidence, Standout
from runner.workflow.causes.model import Cause, CommonTrait, Explanation, FailingCheck, Group, Trait

MOST_CAUSES = 3
"""Maximum number of causes for one check."""


def explain_exceptions(
    database: Database, dataset: str, check: str | None = None, entity: str | None = None
) -> Explanation:
    """Group the open exceptions of a dataset by likely cause, with the next step for each.

    The failing records of a check are compared with those that pass it. After a cause is found, its
    records are excluded and the rest is compared again.

    Args:
        dataset: Only exceptions of this dataset, without suppressed ones.
        check: Only this check.
        entity: Only this entity.
    Raises: ConfigurationError before the first run; OperationalError from the database.
    Source: `quality.open_exceptions`, and the base relation of each entity.
    """
    if not database.has("quality.open_exceptions"):
        raise ConfigurationError(
            "There are no exceptions to explain before the first run.", "Start with: runner run"
        )
    checks = _failing_checks(database, dataset, check, entity)
    found: list[tuple[Standout, str]] = []
    failing_count, sample_count, is_sampled = 0, 0, False
    entities = sorted({one.entity for one in checks})
    for name in entities:
        if not name or not database.has(f"staging.base_{name}"):
            continue
        wanted = {one.check_id for one in checks if one.entity == name}
        with explained(), database.connection.transaction():
            evidence = Evidence(database, dataset, name)
            failing, sampled = evidence.gather(wanted)
            found += [(one, name) for one in _causes_of(evidence, len(checks))]
        failing_count += failing
        sample_count += sampled
        is_sampled = is_sampled or evidence.sampled_percent is not None
    return Explanation(
        dataset=dataset,
        exceptions=sum(one.exceptions for one in checks),
        groups=_groups(dataset, checks, found),
        looked_at=(failing_count, sample_count),
        is_sampled=is_sampled,
    )


def _failing_checks(
    database: Database, dataset: str, check: str | None, entity: str | None
) -> list[FailingCheck]:
    """Checks by falling number of open exceptions, with sample keys and frequent values."""
    rows = database.rows(
        """
        with
        wanted as (
            select
                entity, check_id, exception_type, severity, record_key,
                details ->> 'actual' as actual, details ->> 'column' as column_name,
                (details ->> 'beyond_cap')::bigint as beyond_cap
            from {quality.open_exceptions}
            where
                dataset = %s
                and not is_suppressed
                and (%s::text is null or check_id = %s)
                and (%s::text is null or entity = %s)
        ),
        checks as (
            select
                coalesce(entity, '') as entity, check_id, min(exception_type) as exception_type,
                min(severity) filter (where beyond_cap is null) as severity,
                count(*) filter (where beyond_cap is null)
                + coalesce(sum(beyond_cap), 0)::bigint as failures,
                (
                    array_agg(record_key order by record_key) filter (where beyond_cap is null)
                )[1:3] as sample,
                min(column_name) as column_name
            from wanted
            group by coalesce(entity, ''), check_id
        ),
        counted as (
            select
                coalesce(entity, '') as entity, check_id, actual, count(*) as times,
                row_number() over (
                    partition by coalesce(entity, ''), check_id order by count(*) desc, actual
                ) as place
            from wanted
            where actual is not null
            group by coalesce(entity, ''), check_id, actual
        ),
        commonest as (
            select
                entity, check_id,
                jsonb_agg(jsonb_build_array(left(actual, 60), times) order by place) as found
            from counted
            where place <= 3 and times > 1
            group by entity, check_id
        )
        select checks.*, coalesce(commonest.found, '[]') as found
        from checks
        left join commonest
            on checks.entity = commonest.entity and checks.check_id = commonest.check_id
        order by failures desc, checks.entity, checks.check_id
        """,
        [dataset, check, check, entity, entity],
    )
    return [
        FailingCheck(
            check_id=row["check_id"],
            entity=row["entity"],
            exception_type=row["exception_type"],
            severity=row["severity"] or "CRITICAL",
            exceptions=row["failures"],
            sample=tuple(row["sample"] or ()),
            found=tuple((value, times) for value, times in row["found"]),
            column=row["column_name"],
        )
        for row in rows
    ]


def _causes_of(evidence: Evidence, checks_tried: int) -> list[Standout]:
    """All significant values, one after the other."""
    newest = evidence.standouts(checks_tried=checks_tried)
    found = list(newest)
    left_out: dict[str, list[Trait]] = {}
    for _ in range(MOST_CAUSES - 1):
        for one in newest:
            left_out.setdefault(one.check_id, []).append(one.trait)
        again = {
            one.check_id: left_out[one.check_id]
            for one in newest
            if one.failing_total - one.failing >= MINIMUM_FAILING
        }
        newest = evidence.standouts(again, checks_tried)
        found += newest
    return found


def _groups(
    dataset: str, checks: list[FailingCheck], found: list[tuple[Standout, str]]
) -> tuple[Group, ...]:
    """Exceptions by cause; checks without one form the last group."""
    by_name = {(one.entity, one.check_id): one for one in checks}
    looked_at: dict[tuple[str, str], int] = {}
    for one, entity in found:
        # The first cause was compared with all failing records of the check.
        looked_at.setdefault((entity, one.check_id), one.failing_total)
    members: dict[tuple[str, Trait], list[FailingCheck]] = {}
    same_records: dict[tuple[str, Trait], tuple[Trait, ...]] = {}
    for one, entity in found:
        check = by_name[(entity, one.check_id)]
        share = one.failing / looked_at[(entity, one.check_id)]
        place = (entity, one.trait)
        members.setdefault(place, []).append(
            replace(
                check,
                exceptions=round(check.exceptions * share),
                trait=CommonTrait(
                    failing=one.failing,
                    failing_total=one.failing_total,
                    passing=one.passing,
                    passing_total=one.passing_total,
                    chance=one.chance,
                ),
            )
        )
        known = same_records.setdefault(place, one.same_records)
        same_records[place] = tuple(trait for trait in known if trait in one.same_records)
    groups = [
        _group(dataset, members[place], Cause(place[0], *place[1], same_records[place]))
        for place in members
    ]
    explained_checks = {(entity, one.check_id) for one, entity in found}
    rest = [one for name, one in by_name.items() if name not in explained_checks]
    groups.sort(key=lambda group: -group.exceptions)
    return (*groups, *([_group(dataset, rest, None)] if rest else []))


def _group(dataset: str, checks: Iterable[FailingCheck], cause: Cause | None) -> Group:
    listed = tuple(sorted(checks, key=lambda one: (-one.exceptions, one.entity, one.check_id)))
    return Group(
        cause=cause,
        exceptions=sum(one.exceptions for one in listed),
        checks=listed,
        actions=actions_for(dataset, listed, cause),
    )
