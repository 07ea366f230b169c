{#-
    Model `landing_<entity>`: records of a batch between its load and raw. It has the columns of the
    entity as text, in the order its base model declares them, and those that a load adds.
-#}
{% macro landing() -%}
    {%- set entity = trustgate.entity_of_model('landing') -%}
    {{ config(
        materialized='layer',
        schema='landing',
        alias=entity,
        full_refresh=false,
        tags=['intake'],
        meta={'layer': {'kind': 'landing', 'entities': [entity]}},
    ) }}
    select
        null::text as _batch_id,
        null::bigint as _row_number,
        null::integer as _worker_id
        {%- for column in trustgate.declared_columns(entity) %},
        null::text as {{ column }}
        {%- endfor %}
        {%- if trustgate.keeps_unknown_columns(entity) %},
        null::jsonb as _extra
        {%- endif %}
    where false
{%- endmacro %}
