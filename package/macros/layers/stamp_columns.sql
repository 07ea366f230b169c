{#- Columns that say when or in which run something was found. -#}
{% macro stamp_columns() -%}
    {{ return([
        '_check_seq', '_checked_at', '_run_id',
        'run_id', 'detected_at', 'checked_at', 'reconciled_at',
    ]) }}
{%- endmacro %}
