{#-
    SQL condition: this layer must evaluate all keys it holds, because its dataset or declaration
    changed, or a layer before it was rebuilt, for one of the entities. Nothing else then says what
    it holds of records. Needs `begin_increment`.
-#}
{% macro is_reset(entities) -%}
    (
    {%- for entity in entities -%}
        coalesce(
            nullif(current_setting('trustgate.is_reset_{{ entity }}', true), ''), 'true'
        )::boolean{{ ' or ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}
