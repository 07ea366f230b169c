{#-
    SQL condition on a row of a candidate that stands: it is of another dataset than the active one. Only where the
    layer changes its dataset can there be any (`open_window`), so otherwise nothing is read.
-#}
{% macro holds_other_dataset(entity) -%}
    coalesce(nullif(current_setting('trustgate.is_reset_{{ entity }}', true), ''), 'true')::boolean
    and _dataset <> {{ trustgate.literal(trustgate.active_dataset()) }}
{%- endmacro %}
