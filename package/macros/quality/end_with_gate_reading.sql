{#-
    PL/pgSQL of `close_run`: where this run built the gate and did not publish, it records a reading
    of the gate as that with which the run ended.
-#}
{% macro end_with_gate_reading() -%}
    {%- set schema = trustgate.quality_schema() %}
if exists (
    select 1
    from trustgate_steps
    where name = 'gate' and kind = 'model' and status = 'success'
) and not exists (
    select 1 from {{ schema }}.gate_readings where run_id = '{{ invocation_id }}'
) then
    perform set_config('jit', 'off', true);
    {{ trustgate.record_gate_reading() | indent(4) }};
end if;
{%- endmacro %}
