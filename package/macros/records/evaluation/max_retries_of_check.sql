{#- SQL of the attempts that the rule of an exception allows, whatever its entity. -#}
{% macro max_retries_of_check(entity, check) -%}
    case {{ entity }}
    {%- for name in trustgate.setting('entities') %}
    when '{{ name }}' then {{ trustgate.max_retries(name, check) }}
    {%- endfor %}
    end
{%- endmacro %}
