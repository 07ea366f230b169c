{#- Tells dbt, while it parses, that a model needs the bookkeeping tables. -#}
{% macro depend_on_bookkeeping() -%}
    {%- if not execute -%}
        {%- for name in ['batches', 'batch_workers', 'rejects', 'suppressions', 'corrections', 'reprocess_requests', 'exception_work', 'exception_events', 'layer_progress', 'former_records', 'served_requests', 'retry_attempts', 'layer_totals', 'rule_totals', 'candidate_changes'] -%}
            {%- do trustgate.bookkeeping(name) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
