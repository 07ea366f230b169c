{#- Columns by which records are grouped. -#}
{% macro total_groups() -%}
    {%- set of_batch = ['dataset', 'batch_id', 'worker_id', 'loaded_at'] -%}
    {{ return(of_batch + ['is_latest', 'dq_status', 'fate']) }}
{%- endmacro %}
