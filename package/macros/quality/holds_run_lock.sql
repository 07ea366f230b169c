{#-
    SQL condition: the session with a process id holds the lock of a run in this namespace. False
    for what is no process id.
-#}
{% macro holds_run_lock(process_id) -%}
    {%- if modules.re.fullmatch('[0-9]{1,9}', process_id | string) -%}
    {{ process_id }} in (
        {{ trustgate.run_lock_holders() | indent(8) }}
    )
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}
