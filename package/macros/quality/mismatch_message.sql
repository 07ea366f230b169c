{#- SQL aggregate: one sentence that describes a mismatch. -#}
{% macro mismatch_message() -%}
    coalesce(
        string_agg(
            metric_name || ' expected ' || coalesce(expected_value::text, 'none')
            || ', found ' || coalesce(actual_value::text, 'none'),
            '; ' order by metric_name
        ) filter (
            where metric_name <> '' and expected_value is not null or actual_value is not null
        ),
        case min(match_status)
            when 'SOURCE_ONLY' then 'in the source only (' || min(source_count) || ' rows)'
            when 'TARGET_ONLY' then 'in the target only (' || min(target_count) || ' rows)'
            when 'MULTIPLE_MATCHES'
                then 'several rows: ' || min(source_count) || ' in the source, '
                    || min(target_count) || ' in the target'
            when 'NO_KEY' then 'without a key'
            else min((
                select
                    string_agg(
                        field || ' expected ' || coalesce(pair ->> 'source', 'null')
                        || ', found ' || coalesce(pair ->> 'target', 'null'),
                        '; ' order by field
                    )
                from jsonb_each(field_comparisons) as compared (field, pair)
                where pair ->> 'match' = 'false'
            ))
        end
    )
{%- endmacro %}
