{#-
    Statement that logs an exception of the active dataset from outside of the rules: of a step of
    your own, in a hook or an operation. `quality.log_exception` does the same from any client.

    Args: entity, key: record that it is about; code: name of what failed, no check of runs;
        message: sentence that says why; by: name of the user or program; type, severity: see
        `exceptions`; payload: mapping of values, none if there are none; stack: text of where it
        happened; layer, relation: where it happened; batch: of the record.
-#}
{% macro log_exception(
    entity, key, code, message, by, type='TRANSFORM_ERROR', severity='ERROR', payload=none,
    stack=none, layer=none, relation=none, batch=none
) -%}
select {{ trustgate.quality_schema() }}.log_exception(
    {%- for value in [
        trustgate.active_dataset(), entity, key, code, message, by, type, severity,
        none if payload is none else tojson(payload), stack, layer, relation, batch,
    ] %}
    {{ trustgate.literal(value) }}{{ '::jsonb' if loop.index == 9 }}{{ ',' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
