{#- Names of the columns of `exception_findings`. -#}
{% macro finding_columns() -%}
    {{ return([
        'exception_id', 'dataset', 'entity', 'record_key', 'check_id', 'record_id', 'batch_id',
        'exception_type', 'severity', 'source_layer', 'source_table', 'target_layer',
        'target_table', 'message', 'details', 'evaluation', 'is_standing', 'episode', 'occurrences',
        'first_seen_run', 'last_seen_run', 'first_seen_at', 'last_seen_at', 'last_event',
        'changed_run', 'changed_at', 'opened_at', 'record_count',
    ]) }}
{%- endmacro %}
