{#-
    Short hash of everything a verdict depends on: key, version, joins, rules, types and formats of
    an entity.

    Messages and numbers of attempts change no verdict and are left out: they are read from the YAML
    wherever they are shown or used.
-#}
{% macro rules_version(meta, columns) -%}
    {%- set no_verdict = (
        'name', 'dimension', 'message', 'description', 'examples', 'max_retries'
    ) -%}
    {%- set deciding, formats, types = [], [], {} -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- set given = {} -%}
        {%- for key, value in rule.items() if key not in no_verdict -%}
            {%- do given.update({key: value}) -%}
        {%- endfor -%}
        {%- do deciding.append(given) -%}
    {%- endfor -%}
    {%- for key in ('timestamp_formats', 'time_zone', 'decimal_mark', 'number_forms', 'formats') -%}
        {%- if meta.get(key) -%}{%- do formats.append([key, meta.get(key)]) -%}{%- endif -%}
    {%- endfor -%}
    {#- A type has one spelling here: NUMERIC(14, 2) is numeric(14,2). #}
    {%- for column, type in columns.items() -%}
        {%- do types.update({column: type | lower | replace(' ', '')}) -%}
    {%- endfor -%}
    {{ return(local_md5(tojson(
        [meta.get('key'), meta.get('version'), meta.get('joins'), deciding, types] + formats,
        sort_keys=true
    ))[:12]) }}
{%- endmacro %}
