{#-
    Whether undeclared columns of a file are kept, in `_extra` (`meta: unknown_columns: keep` of the
    entity).
-#}
{% macro keeps_unknown_columns(entity) -%}
    {{ return(trustgate.meta_of('base_' ~ entity).get('unknown_columns') == 'keep') }}
{%- endmacro %}
