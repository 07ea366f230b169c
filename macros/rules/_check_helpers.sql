{#- Helpers of the named checks. -#}

{#- Values of YAML as an SQL list. Raises where the list is empty. -#}
{% macro _value_list(here, argument, values, quote) -%}
    {%- if values is string or values is mapping or not values -%}
        {{ exceptions.raise_compiler_error(here ~ ": " ~ argument ~ " is '" ~ values ~ "', allowed is a list with at least one value") }}
    {%- endif -%}
    {%- set written = [] -%}
    {%- for value in values -%}
        {%- do written.append(trustgate.literal(value | string) if quote else value | string) -%}
    {%- endfor -%}
    {{ return(written | join(', ')) }}
{%- endmacro %}


{#- SQL: the value lies between the rule's bounds, or is NULL. Raises where neither bound is given. -#}
{% macro _between(here, rule, value) -%}
    {%- if rule.get('min_value') is none and rule.get('max_value') is none -%}
        {{ exceptions.raise_compiler_error(here ~ ': min_value and max_value are missing; ' ~ rule.check ~ ' needs one or both') }}
    {%- endif -%}
    {%- set equal = '' if rule.get('strictly') else '=' -%}
    {%- set bounds = [] -%}
    {%- if rule.get('min_value') is not none -%}{%- do bounds.append(value ~ ' >' ~ equal ~ ' ' ~ rule.min_value) -%}{%- endif -%}
    {%- if rule.get('max_value') is not none -%}{%- do bounds.append(value ~ ' <' ~ equal ~ ' ' ~ rule.max_value) -%}{%- endif -%}
    {{ return('((' ~ bounds | join(' and ') ~ ') is not false)') }}
{%- endmacro %}


{#- The bounds of a rule in words. -#}
{% macro _between_words(rule) -%}
    {%- set more, less = ('above ', 'below ') if rule.get('strictly') else ('at least ', 'at most ') -%}
    {%- set words = [] -%}
    {%- if rule.get('min_value') is not none -%}{%- do words.append(more ~ rule.min_value) -%}{%- endif -%}
    {%- if rule.get('max_value') is not none -%}{%- do words.append(less ~ rule.max_value) -%}{%- endif -%}
    {{ return(words | join(' and ')) }}
{%- endmacro %}


{#- SQL: the rule's regular expression is found in its column; NULL for NULL. -#}
{% macro _matches(rule) -%}
    {%- if rule.get('flags') -%}
        {{ return('regexp_like(' ~ rule.column ~ ', ' ~ trustgate.literal(rule.regex) ~ ', ' ~ trustgate.literal(rule.flags) ~ ')') }}
    {%- endif -%}
    {{ return('(' ~ rule.column ~ ' ~ ' ~ trustgate.literal(rule.regex) ~ ')') }}
{%- endmacro %}
