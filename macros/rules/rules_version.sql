{#- Short hash of everything a verdict depends on: key, version, joins, rules and types of an entity. -#}
{% macro rules_version(meta, columns) -%}
    {{ return(local_md5(tojson(
        [meta.get('key'), meta.get('version'), meta.get('joins'), meta.get('rules'), columns], sort_keys=true
    ))[:12]) }}
{%- endmacro %}
