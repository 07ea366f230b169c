{#-
    Short hash of everything a verdict depends on: key, version, joins, rules, types and
    formats of an entity.

    What a rule says of a failure, and how often it is tried again, changes no verdict and is left out:
    messages and limits are read as they are now, wherever they are shown or used.
-#}
{% macro rules_version(meta, columns) -%}
    {%- set deciding = [] -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- set words = {} -%}
        {%- for word, value in rule.items() if word not in ['name', 'dimension', 'message', 'description', 'examples', 'max_retries'] -%}
            {%- do words.update({word: value}) -%}
        {%- endfor -%}
        {%- do deciding.append(words) -%}
    {%- endfor -%}
    {%- set formats = [] -%}
    {%- for word in ['timestamp_formats', 'time_zone', 'decimal_mark', 'formats'] if meta.get(word) -%}
        {%- do formats.append([word, meta.get(word)]) -%}
    {%- endfor -%}
    {{ return(local_md5(tojson(
        [meta.get('key'), meta.get('version'), meta.get('joins'), deciding, trustgate._written_alike(columns)] + formats, sort_keys=true
    ))[:12]) }}
{%- endmacro %}


{#- Typed columns with their types written one way. -#}
{% macro _written_alike(columns) -%}
    {%- set alike = {} -%}
    {%- for column, type in columns.items() -%}
        {%- do alike.update({column: type | lower | replace(' ', '')}) -%}
    {%- endfor -%}
    {{ return(alike) }}
{%- endmacro %}
