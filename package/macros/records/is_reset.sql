{#-
    SQL condition: this layer must look at all rows it holds, since it changes its dataset, or something before it was
    built anew, for one of the entities. What it holds of records may then be told by nothing else. Needs
    `begin_increment`.
-#}
{% macro is_reset(entities) -%}
    (
    {%- for entity in entities -%}
        coalesce(nullif(current_setting('trustgate.is_reset_{{ entity }}', true), ''), 'true')::boolean{{ ' or ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}
