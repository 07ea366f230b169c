{#-
    Statement that creates `log_exception`, with which users and other programs log an exception. It
    writes with the rights of its caller, and returns the id of the exception.

    Args: schema: of the quality tables.
    Logged again, the exception counts one more occurrence; after a user resolved it, it opens again
    as a new episode. Checks of runs are refused, because a run decides whether they fail.
-#}
{% macro exception_logger(schema) -%}
create or replace function {{ schema }}.log_exception(
    of_dataset text, of_entity text, of_key text, code text, what text, by_user text,
    of_type text default 'TRANSFORM_ERROR', of_severity text default 'ERROR',
    payload jsonb default null, stack text default null,
    layer text default null, relation text default null, batch text default null
) returns uuid language plpgsql as $body$
declare
    identity constant uuid := md5(row(of_dataset, of_entity, of_key, code)::text)::uuid;
    was_standing boolean;
    status_before text;
begin
    if exists (select 1 from {{ schema }}.dq_rules where rule_id = code)
        or exists (select 1 from {{ schema }}.recon_summary where reconciliation = code)
        or exists (select 1 from {{ schema }}.exception_findings where check_id = code) then
        raise exception using errcode = 'invalid_parameter_value', message = code
            || ' is a check of runs, which decide whether it fails; log with a code of your own';
    end if;
    perform pg_advisory_xact_lock(hashtext('trustgate logged exception'), hashtext(identity::text));
    select status, is_standing into status_before, was_standing
    from {{ schema }}.exceptions where exception_id = identity;
    insert into {{ schema }}.logged_exceptions as logged (
        exception_id, dataset, entity, record_key, check_id, batch_id, exception_type, severity,
        source_layer, source_table, message, details, logged_by
    )
    values (
        identity, of_dataset, of_entity, of_key, code, batch, of_type, of_severity, layer, relation,
        what, jsonb_strip_nulls(jsonb_build_object('payload', payload, 'stack', stack)), by_user
    )
    on conflict (exception_id) do update
    set
        batch_id = excluded.batch_id,
        exception_type = excluded.exception_type,
        severity = excluded.severity,
        source_layer = excluded.source_layer,
        source_table = excluded.source_table,
        message = excluded.message,
        details = excluded.details,
        logged_by = excluded.logged_by,
        occurrences = logged.occurrences + 1,
        episode = logged.episode + (not was_standing)::integer,
        opened_at = case when was_standing then logged.opened_at else now() end,
        last_logged_at = now();
    if was_standing is not true then
        insert into {{ schema }}.exception_events (
            exception_id, event, actor, from_status, to_status, note, occurred_at
        )
        values (
            identity, case when was_standing is null then 'OPENED' else 'REOPENED' end, by_user,
            status_before, 'NEW', what, clock_timestamp()
        );
    end if;
    return identity;
end
$body$;
{%- endmacro %}
