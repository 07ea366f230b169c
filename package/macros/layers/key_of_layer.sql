{#- Columns that identify a row of the layer being built. -#}
{% macro key_of_layer(kind) -%}
    {%- if kind == 'candidate' -%}
        {%- set key = trustgate.declared_node(trustgate.model_name()).config.unique_key -%}
        {{ return([key] if key is string else key) }}
    {%- endif -%}
    {{ return({
        'base': ['_record_id'],
        'reconciliation': ['is_summary', 'record_key', 'metric_name'],
        'findings': ['exception_id'],
        'rules': ['entity', 'rule_id'],
    }[kind]) }}
{%- endmacro %}
