{#-
    SQL of the records to evaluate, typed: provenance, `_record_key`, each column as its type, and
    as `_received_<column>` the text it was read from, received or corrected.
-#}
{% macro typed_records(declared, columns, is_increment) -%}
select
    raw._record_id,
    raw._dataset,
    raw._batch_id,
    raw._row_number,
    raw._worker_id,
    raw._checksum,
    raw._loaded_at,
    {{ trustgate.record_key_of(declared, columns, 'raw') }} as _record_key,
    {%- for column in columns %}
    {%- set text = trustgate.as_corrected(column, 'raw', 'overlay.corrections') %}
    {{ trustgate.typed_column(text, column, columns, declared) }} as {{ column }},
    {%- endfor %}
    {%- for column in columns %}
    {{ trustgate.as_corrected(column, 'raw', 'overlay.corrections') }} as _received_{{ column }},
    {%- endfor %}
    overlay.corrections as _corrections,
    clock_timestamp() as _typed_fence
from {{ trustgate.received_to_type(declared, is_increment) }}
{%- endmacro %}
