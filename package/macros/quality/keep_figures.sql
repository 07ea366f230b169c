{#-
    PL/pgSQL of `close_run`: records the figures of this run, where it read the gate. A failure is a
    warning.

    Args: schema: of the quality tables.
-#}
{% macro keep_figures(schema) -%}
begin
    perform {{ schema }}.keep_figures(run_id, dataset, checks)
    from {{ schema }}.gate_readings
    where run_id = '{{ invocation_id }}';
exception when others then
    raise warning 'trustgate: the figures of the run could not be recorded: %', sqlerrm;
end;
{%- endmacro %}
