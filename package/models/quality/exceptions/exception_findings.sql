{#-
    Findings of runs for each exception of the active dataset, current and gone ones: how often
    found, with which values. Grain: one row per dataset, entity, record key and check.
-#}
{{ trustgate.quality_layer('findings', indexes=[
    {'columns': ['exception_id'], 'unique': true}, {'columns': ['record_key']}, {'columns': ['check_id']},
]) }}

with

earlier as (
    {%- if trustgate.is_increment() %}
    select * from {{ this }} where dataset = '{{ trustgate.active_dataset() }}'
    {%- else %}
    {{ trustgate.empty_findings() | indent(4) }}
    {%- endif %}
),

work as (select * from {{ trustgate.bookkeeping('exception_work') }}),

failing as (
    {{ trustgate.failing_keys() | indent(4) }}
),

{{ trustgate.capped_failures(trustgate.setting('exception_cap'), 'failing', 'earlier') }},

named as (
    {{ trustgate.failing_checks('kept') | indent(4) }}
),

failing_now as (
    select
        *,
        1::bigint as record_count,
        record_key as identity_key
    from named
    union all
    {#- Null is an identity that no record has. #}
    select
        *,
        null::text as identity_key
    from (
        {{ trustgate.beyond_cap('counted', 'named') | indent(8) }}
    ) as beyond_cap
),

identified as (
    select
        '{{ trustgate.active_dataset() }}'::text as dataset,
        md5(
            row('{{ trustgate.active_dataset() }}'::text, entity, identity_key, check_id)::text
        )::uuid as exception_id,
        *
    from failing_now
),

{# Resolved as CORRECTED, but found again: each run compares, while a rule waits for an evaluation. #}
claimed as (
    select earlier.exception_id
    from earlier
    inner join work on earlier.exception_id = work.exception_id and earlier.episode = work.episode
    where
        work.status = 'RESOLVED'
        and work.resolution_action = 'CORRECTED'
        and work.resolved_at >= earlier.last_seen_at
        and earlier.exception_type in ('RECON_MISMATCH', 'METRIC_DRIFT')
),

compared as (
    select
        coalesce(identified.exception_id, earlier.exception_id) as exception_id,
        case
            when earlier.exception_id is null then 'OPENED'
            when identified.exception_id is null and earlier.is_standing then 'RESOLVED'
            when identified.exception_id is not null and not earlier.is_standing then 'REOPENED'
            when
                identified.exception_id is not null
                and (
                    identified.details is distinct from earlier.details
                    or identified.message is distinct from earlier.message
                    or identified.record_id is distinct from earlier.record_id
                    or identified.severity is distinct from earlier.severity
                    or claimed.exception_id is not null
                )
                then 'CHANGED'
            when
                identified.exception_id is not null
                and identified.evaluation is distinct from earlier.evaluation
                then 'SEEN'
        end as last_event,
        {%- for column in [
            'dataset', 'entity', 'record_key', 'check_id', 'record_id', 'batch_id', 'exception_type',
            'severity', 'source_layer', 'source_table', 'target_layer', 'target_table', 'message',
            'details', 'evaluation',
        ] %}
        case
            when identified.exception_id is not null then identified.{{ column }}
            else earlier.{{ column }}
        end as {{ column }},
        {%- endfor %}
        identified.exception_id is not null as is_standing,
        (identified.evaluation is distinct from earlier.evaluation) as is_evaluated,
        coalesce(identified.record_count, 0) as record_count,
        earlier.episode as episode_before,
        earlier.opened_at as opened_at_before,
        earlier.occurrences as occurrences_before,
        earlier.first_seen_run as first_seen_run_before,
        earlier.first_seen_at as first_seen_at_before,
        earlier.last_seen_run as last_seen_run_before,
        earlier.last_seen_at as last_seen_at_before
    from identified
    full outer join earlier on identified.exception_id = earlier.exception_id
    left join claimed on earlier.exception_id = claimed.exception_id
),

final as (
    select
        exception_id,
        dataset,
        entity,
        record_key,
        check_id,
        record_id,
        batch_id,
        exception_type,
        severity,
        source_layer,
        source_table,
        target_layer,
        target_table,
        message,
        details,
        evaluation,
        is_standing,
        coalesce(episode_before, 0)
        + (last_event in ('OPENED', 'REOPENED'))::integer as episode,
        coalesce(occurrences_before, 0)
        + (is_standing and (is_evaluated or last_event = 'REOPENED'))::integer as occurrences,
        coalesce(first_seen_run_before, '{{ invocation_id }}'::text) as first_seen_run,
        coalesce(first_seen_at_before, now()) as first_seen_at,
        case
            when is_standing then '{{ invocation_id }}'::text
            else last_seen_run_before
        end as last_seen_run,
        case when is_standing then now() else last_seen_at_before end as last_seen_at,
        last_event,
        '{{ invocation_id }}'::text as changed_run,
        now() as changed_at,
        case
            when last_event in ('OPENED', 'REOPENED') then now()
            else coalesce(opened_at_before, first_seen_at_before)
        end as opened_at,
        record_count
    from compared
    where last_event is not null
)

select * from final
