{#-
    SQL of the number that a check of the gate may count and still be open.

    Args: place: for messages; gate: mapping of the YAML, or none; name: `max_failed` or
        `max_mismatches`; total: SQL of the number that the rate allowed is a share of.
    Raises: a compiler error for an unknown key, a negative number or a rate above 1.
-#}
{% macro allowed_count(place, gate, name, total) -%}
    {%- set gate = gate or {} -%}
    {%- set counted, rate_name = {
        'max_failed': ('records', 'max_failed_rate'),
        'max_mismatches': ('mismatches', 'max_mismatch_rate'),
    }[name] -%}
    {%- do trustgate.validate(place ~ ', gate', 'gate_of_' ~ counted, gate) -%}
    {%- if gate.get(rate_name) -%}
        {%- set share = 'floor(' ~ gate[rate_name] ~ ' * ' ~ total ~ ')::bigint' -%}
        {{ return('greatest(' ~ gate.get(name, 0) ~ ', ' ~ share ~ ')') }}
    {%- endif -%}
    {{ return((gate.get(name, 0)) | string) }}
{%- endmacro %}
