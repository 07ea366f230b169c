{#-
    Hours after which what waits is stuck, checked: mapping with `records` and `batches`, 0 where
    waiting is not looked at.

    Args: declared: var `stuck_after_hours`, a mapping of either to a number from 0.
    Raises: a compiler error for another word or value.
-#}
{% macro waiting_limits(declared) -%}
    {%- set here = 'waiting_limits (var stuck_after_hours)' -%}
    {%- do trustgate.refuse_unknown_words(here, declared, ['records', 'batches']) -%}
    {%- for word, hours in declared.items() if hours is not number or hours is boolean or hours < 0 -%}
        {{ exceptions.raise_compiler_error(here ~ ': ' ~ word ~ " is '" ~ hours ~ "', allowed are numbers from 0, which is never") }}
    {%- endfor -%}
    {{ return({'records': declared.get('records', 0), 'batches': declared.get('batches', 0)}) }}
{%- endmacro %}
