{#-
    What the data says of each exception of the active dataset, now and before: standing or gone, how
    often found, with which values. Grain: one row per dataset, entity, record key and check.
-#}
{{ config(
    materialized='incremental',
    incremental_strategy='converge',
    full_refresh=false,
    unique_key='exception_id',
    indexes=[
        {'columns': ['exception_id'], 'unique': true},
        {'columns': ['record_key']},
        {'columns': ['check_id']},
    ],
    pre_hook="{{ trustgate.open_windows(trustgate.active_dataset()) }}",
    post_hook=[
        "{{ trustgate.record_exception_events() }}",
        "{{ trustgate.close_windows(trustgate.active_dataset()) }}",
    ],
) }}
-- depends_on: {{ ref('exception_events') }} {{ ref('layer_progress') }}

with

failing_now as (
    {{ trustgate.failing_checks() | indent(4) }}
),

identified as (
    select
        md5(row(dataset, entity, record_key, check_id)::text)::uuid as exception_id,
        *
    from failing_now
),

earlier as (
    {%- if is_incremental() %}
    select * from {{ this }} where dataset = '{{ trustgate.active_dataset() }}'
    {%- else %}
    {{ trustgate.empty_findings() | indent(4) }}
    {%- endif %}
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
                    identified.evaluation is distinct from earlier.evaluation
                    or identified.details is distinct from earlier.details
                    or identified.message is distinct from earlier.message
                    or identified.record_id is distinct from earlier.record_id
                    or identified.severity is distinct from earlier.severity
                )
                then 'CHANGED'
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
        earlier.episode as episode_before,
        earlier.occurrences as occurrences_before,
        earlier.first_seen_run as first_seen_run_before,
        earlier.first_seen_at as first_seen_at_before,
        earlier.last_seen_run as last_seen_run_before,
        earlier.last_seen_at as last_seen_at_before
    from identified
    full outer join earlier on identified.exception_id = earlier.exception_id
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
        now() as changed_at
    from compared
    where last_event is not null
)

select * from final
