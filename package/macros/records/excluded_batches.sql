{#- SQL of the batches that raw may hold and base must not: on hold, or rejected by a user. -#}
{% macro excluded_batches(entity) -%}
select batch_id
from {{ trustgate.bookkeeping('batches') }}
where entity = '{{ entity }}' and status in ('HELD', 'REJECTED')
{%- endmacro %}
