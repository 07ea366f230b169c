{#-
    Hours after which waiting work is stuck, validated: mapping with `records` and `batches`; 0 for
    never.

    Args: declared: var `stuck_after_hours`, a mapping of either to a number from 0.
    Raises: a compiler error for another key or value.
-#}
{% macro waiting_limits(declared) -%}
    {%- set place = 'waiting_limits (var stuck_after_hours)' -%}
    {%- do trustgate.validate(place, 'stuck_after_hours', declared) -%}
    {{ return({'records': declared.get('records', 0), 'batches': declared.get('batches', 0)}) }}
{%- endmacro %}
