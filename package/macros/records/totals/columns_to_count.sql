{#- Columns of base that `counted_columns` reads, except `_good_version`. -#}
{% macro columns_to_count(counted) -%}
    {{ return([
        '_record_id', '_record_key', '_dataset', '_batch_id', '_worker_id', '_loaded_at',
        '_is_latest', '_is_duplicate', '_version_number', '_dq_status', '_dq_details', '_checksum',
        '_corrections',
    ] + ([counted.amount] if counted.amount else [])) }}
{%- endmacro %}
