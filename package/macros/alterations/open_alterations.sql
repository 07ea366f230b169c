{#-
    SQL of the alterations of a layer that are not restored yet, as of the beginning of this
    transaction (`own_writes`).
-#}
{% macro open_alterations(layer) -%}
    select *
    from {{ trustgate.bookkeeping('alterations') }}
    where
        layer = '{{ layer }}'
        and restored_at is null
        and alteration_id <= current_setting('trustgate.altered_to')::bigint
{%- endmacro %}
