{#-
    SQL condition: this record of base is the latest good version of its key: it did not fail, is no
    duplicate, and every later version of its key failed.

    Args: alias: of the row of base; base: its relation.
-#}
{% macro is_promotable(alias, base) -%}
    {{ alias }}._dq_status <> 'FAILED'
    and not {{ alias }}._is_duplicate
    and ({{ alias }}._is_latest or not exists (
        select 1
        from {{ base }} as later
        where
            later._dataset = {{ alias }}._dataset
            and later._record_key = {{ alias }}._record_key
            and later._version_number > {{ alias }}._version_number
            and not later._is_duplicate
            and later._dq_status <> 'FAILED'
    ))
{%- endmacro %}
