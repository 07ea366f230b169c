{#-
    SQL of the records to evaluate, typed: provenance, `_record_key`, each column as its type, and
    as `_received_<column>` the text it was read from, received or corrected.
-#}
{% macro _typed_records(declared, columns, is_increment) -%}
select
    raw._record_id,
    raw._dataset,
    raw._batch_id,
    raw._row_number,
    raw._worker_id,
    raw._checksum,
    raw._loaded_at,
    {{ trustgate._record_key_of(declared, columns, 'raw') }} as _record_key,
    {%- for column, type in columns.items() %}
    {%- set text = trustgate.as_corrected(column, 'raw', 'overlay.corrections') %}
    {{ trustgate.parse(text, type, declared.formats[column]) }} as {{ column }},
    {%- endfor %}
    {%- for column in columns %}
    {{ trustgate.as_corrected(column, 'raw', 'overlay.corrections') }} as _received_{{ column }},
    {%- endfor %}
    overlay.corrections as _corrections,
    clock_timestamp() as _typed_fence
from {{ trustgate._received_to_type(declared, is_increment) }}
{%- endmacro %}


{#- SQL of the received records to type, as `raw`, with their corrections as `overlay`. -#}
{% macro _received_to_type(declared, is_increment) -%}
    {%- if is_increment -%}
received_to_check as raw
cross join lateral (select raw._overlay as corrections) as overlay
    {%- else -%}
{{ trustgate._raw_with_overlay(declared.entity) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL of the business key of a raw record, encoded; its `_record_id` where the key is empty. -#}
{% macro _record_key_of(declared, columns, alias) -%}
    {%- set parts = [] -%}
    {%- for column in declared.key -%}
        {%- set text = alias ~ '.' ~ column -%}
        {%- do parts.append(
            trustgate.parse(text, columns[column], declared.formats[column])
        ) -%}
    {%- endfor -%}
    coalesce({{ trustgate.record_key(parts) }}, {{ alias }}._record_id::text)
{%- endmacro %}
