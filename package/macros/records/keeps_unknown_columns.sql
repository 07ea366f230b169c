{#- Whether columns of a file that an entity does not declare are kept, in `_extra` (meta `unknown_columns: keep`). -#}
{% macro keeps_unknown_columns(entity) -%}
    {{ return(trustgate.meta_of('base_' ~ entity).get('unknown_columns') == 'keep') }}
{%- endmacro %}
