{#-
    SQL of the number that a check of the gate may count and still be open.

    Args: place: for messages; gate: mapping of the YAML, or none; name: `max_failed` or `max_mismatches`;
    total: SQL of the number that `<name>_rate` is a share of.
    Raises: a compiler error for an unknown word, a negative number or a rate beyond 1.
-#}
{% macro allowed_count(place, gate, name, total) -%}
    {%- set gate = gate or {} -%}
    {%- set rate_name = {'max_failed': 'max_failed_rate', 'max_mismatches': 'max_mismatch_rate'}[name] -%}
    {%- do trustgate.refuse_unknown_words(place ~ ', gate', gate, [name, rate_name]) -%}
    {%- for word, value in gate.items() if value is not number or value is boolean or value < 0 or (word == rate_name and value > 1) -%}
        {{ exceptions.raise_compiler_error(
            place ~ ", gate: " ~ word ~ " is '" ~ value ~ "', allowed are " ~ ('shares from 0 to 1' if word == rate_name else 'numbers from 0')
        ) }}
    {%- endfor -%}
    {%- if gate.get(rate_name) -%}
        {{ return('greatest(' ~ gate.get(name, 0) ~ ', floor(' ~ gate[rate_name] ~ ' * ' ~ total ~ ')::bigint)') }}
    {%- endif -%}
    {{ return((gate.get(name, 0)) | string) }}
{%- endmacro %}
