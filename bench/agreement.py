"""Whether Trustgate and the plain project find the same failing keys, by the rules they share."""

import psycopg

from bench.errors import BenchError
from bench.plain_project import FAILURES, SCHEMA

SHARED_AT_LEAST = 30
"""Rules that must be compared, for the comparison to say anything."""
ACCEPTED_VALUES = {
    "order_status_known": "status",
    "payment_method_known": "method",
    "payment_currency_known": "currency",
    "payment_status_known": "status",
}
"""Tests of dbt that keep the values they refuse, each once, and not the keys that carry them."""
OF_PARENTS = ("payment_order_exists", "payment_currency_as_ordered", "payment_not_before_order")
"""Rules about a payment's order. To Trustgate a quarantined order is none."""

BY_TRUSTGATE = """
    create temporary table found_by_trustgate as
    select rule_id, record_key
    from (
        select _record_key, _dq_failed, _dq_warned from {ns}_staging.base_orders where _is_latest
        union all
        select _record_key, _dq_failed, _dq_warned from {ns}_staging.base_payments where _is_latest
    ) as verdicts (record_key, failed, warned)
    cross join lateral unnest(coalesce(failed, '{{}}') || coalesce(warned, '{{}}')) as rule_id
    union all
    select reconciliation, record_key
    from {ns}_quality.recon_row_mismatches
    where reconciliation = 'recon_payments_orders' and match_status <> 'NO_KEY'
"""
BY_PLAIN = f"""
    create temporary table found_by_plain as
    select 'recon_payments_orders' as rule_id, order_id as record_key
    from {SCHEMA}_reconciliations.recon_payments_orders
    where order_id is not null
"""
SHARED = """
    select relname, entity
    from {ns}_quality.dq_rules
    inner join pg_class on relname = rule_id
    where relnamespace = %s::regnamespace
    order by relname
"""
OF_QUARANTINED_ORDERS = f"""
    delete from {{found}} where rule_id = any(%s) and record_key in (
        select payment_id
        from {SCHEMA}_staging.stg_payments
        where order_id in (
            select _record_key
            from {{ns}}_staging.base_orders
            where _is_latest and _dq_status = 'FAILED'
        )
    )
"""
DIFFERENCES = """
    select
        coalesce(trustgate.rule_id, plain.rule_id) as rule_id,
        coalesce(trustgate.record_key, plain.record_key) as record_key,
        case when plain.rule_id is null then 'Trustgate' else 'the plain project' end as finder
    from (
        select * from found_by_trustgate where rule_id in (select rule_id from shared_rules)
    ) as trustgate
    full outer join found_by_plain as plain
        on trustgate.rule_id = plain.rule_id and trustgate.record_key = plain.record_key
    where trustgate.rule_id is null or plain.rule_id is null
    order by rule_id, record_key
"""
SHOWN = 5
"""Differences that an error names."""


def refuse_different_findings(connection: psycopg.Connection, namespace: str) -> int:
    """Compare the failing keys of each rule that both know, latest versions.

    Args:
        namespace: Before each of Trustgate's schemas.
    Returns: Failures that both have found.
    Raises: BenchError where one side has found what the other has not, or nothing was compared.
    """
    shared = connection.execute(SHARED.format(ns=namespace), [FAILURES]).fetchall()
    if len(shared) < SHARED_AT_LEAST:
        raise BenchError(f"Only {len(shared)} rules of the plain project are Trustgate's as well")
    with connection.transaction(force_rollback=True):
        connection.execute(BY_TRUSTGATE.format(ns=namespace))
        connection.execute(BY_PLAIN)
        for rule, entity in shared:
            connection.execute(f"insert into found_by_plain {_keys_of(rule, entity)}")
        connection.execute("create temporary table shared_rules (rule_id text)")
        connection.execute(
            "insert into shared_rules select unnest(%s::text[])",
            [[*(rule for rule, _ in shared), "recon_payments_orders"]],
        )
        for found in ("found_by_trustgate", "found_by_plain"):
            connection.execute(
                OF_QUARANTINED_ORDERS.format(found=found, ns=namespace), [list(OF_PARENTS)]
            )
        differences = connection.execute(DIFFERENCES).fetchall()
        agreed = connection.execute("select count(*) from found_by_plain").fetchall()[0][0]
    if differences:
        shown = "; ".join(f"{rule} {key}, by {finder}" for rule, key, finder in differences[:SHOWN])
        raise BenchError(f"{len(differences):,} failures are found by one side only: {shown}")
    if not agreed:
        raise BenchError("Neither side has found a failure")
    return int(agreed)


def _keys_of(rule: str, entity: str) -> str:
    """SQL of a rule and the keys that its test has found failing."""
    key = f"{entity.removesuffix('s')}_id"
    stored = f"{FAILURES}.{rule}"
    records = f"select '{rule}', {key} from {SCHEMA}_staging.stg_{entity}"
    if rule in ACCEPTED_VALUES:
        return f"{records} where {ACCEPTED_VALUES[rule]} in (select value_field from {stored})"
    if rule == "payment_order_exists":
        return f"{records} where order_id in (select from_field from {stored})"
    return f"select '{rule}', {key} from {stored}"
