{#-
    Whether this run compares only the keys that changes may affect: the table exists, both sides
    follow an entity, the keys, if given, are columns of their base models, and no deep comparison
    was requested (`runner run --deep`, or var deep).
-#}
{% macro compares_affected_keys(source, target, keys=[]) -%}
    {%- set renamed = [] -%}
    {%- for side in (source, target) -%}
        {%- for key in keys if key in (side.get('columns') or {}) -%}
            {%- do renamed.append(key) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(
        trustgate.is_increment() and not trustgate.is_deep() and not renamed
        and source.get('entity') is not none and target.get('entity') is not none
    ) }}
{%- endmacro %}
