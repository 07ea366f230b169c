{#-
    Statement that reads the gate of the active dataset, and records the reading as that of this
    run: the one it publishes under, or ends with. A gate without a check, or last built for another
    dataset, is shut.

    Args: marts: list of the marts that this transaction publishes if the gate is open.
-#}
{% macro record_gate_reading(marts=[]) -%}
    {%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
    {#- Named without ref or source, which hooks of a project without entities could not resolve. #}
    {%- set schema = trustgate.quality_schema() %}
    insert into {{ schema }}.gate_readings (
        run_id, dataset, read_at, is_open, published, checks
    )
    select
        '{{ invocation_id }}',
        {{ dataset }},
        clock_timestamp(),
        is_open,
        case when is_open then array[{{ "'" ~ marts | join("', '") ~ "'" if marts }}]::text[]
            else '{}' end,
        checks
    from (
        select
            coalesce(bool_and(is_open and dataset = {{ dataset }}), false) as is_open,
            coalesce(jsonb_agg(to_jsonb(gate)), '[]') as checks
        from {{ schema }}.gate as gate
    ) as gate
{%- endmacro %}
