{#- SQL of no findings, with the columns that the comparison with earlier findings needs. -#}
{% macro empty_findings() -%}
    select
        null::uuid as exception_id,
        {%- for column in [
            'dataset', 'entity', 'record_key', 'check_id', 'batch_id', 'exception_type', 'severity',
            'source_layer', 'source_table', 'target_layer', 'target_table', 'message',
            'evaluation', 'first_seen_run', 'last_seen_run',
        ] %}
        null::text as {{ column }},
        {%- endfor %}
        null::uuid as record_id,
        null::jsonb as details,
        null::boolean as is_standing,
        null::integer as episode,
        null::integer as occurrences,
        null::timestamptz as first_seen_at,
        null::timestamptz as last_seen_at,
        null::timestamptz as opened_at
    where false
{%- endmacro %}
