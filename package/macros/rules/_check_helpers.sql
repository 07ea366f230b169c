{#- Helpers of the named checks. -#}

{#- Values of YAML as an SQL list. Raises where one is no single value, or would be quoted as another text than YAML has. -#}
{% macro _value_list(here, argument, values, quote) -%}
    {%- set written = [] -%}
    {%- for value in values -%}
        {%- if value is not string and (value is none or value is iterable or (quote and value is boolean)) -%}
            {{ exceptions.raise_compiler_error(here ~ ": " ~ argument ~ " holds '" ~ value ~ "', allowed are texts and numbers; put words of YAML in quotes") }}
        {%- endif -%}
        {%- do written.append(trustgate.literal(value | string) if quote else value | string) -%}
    {%- endfor -%}
    {{ return(written | join(', ')) }}
{%- endmacro %}


{#- SQL: the value lies between the rule's bounds, or is NULL. Raises where neither bound is given. -#}
{% macro _between(here, rule, value) -%}
    {%- if rule.get('min_value') is none and rule.get('max_value') is none -%}
        {{ exceptions.raise_compiler_error(here ~ ': min_value and max_value are missing; ' ~ rule.check ~ ' needs one or both') }}
    {%- endif -%}
    {%- for bound in ('min_value', 'max_value') if rule.get(bound) is not none -%}
        {%- do trustgate.refuse_wrong_kind(here, bound, rule[bound], 'bound') -%}
    {%- endfor -%}
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


{#- SQL: the rule's regular expression is found in its column; NULL for NULL. Raises where it cannot be one. -#}
{% macro _matches(here, rule) -%}
    {%- set flags = rule.get('flags') or '' -%}
    {%- if not modules.re.fullmatch('[bceimnpqstwx]*', flags) -%}
        {{ exceptions.raise_compiler_error(here ~ ": flags is '" ~ flags ~ "', allowed are letters among bceimnpqstwx") }}
    {%- endif -%}
    {#- Of another syntax than the usual one brackets may mean themselves. #}
    {%- if not modules.re.search('[bqx]', flags) and not modules.re.match('[*]{3}|[(][?][a-z]+[)]', rule.regex) -%}
        {%- do trustgate._refuse_open_brackets(here, rule.regex) -%}
    {%- endif -%}
    {%- if flags -%}
        {{ return('regexp_like(' ~ rule.column ~ ', ' ~ trustgate.literal(rule.regex) ~ ', ' ~ trustgate.literal(flags) ~ ')') }}
    {%- endif -%}
    {{ return('(' ~ rule.column ~ ' ~ ' ~ trustgate.literal(rule.regex) ~ ')') }}
{%- endmacro %}


{#- Raises where a regular expression ends in a bracket that is open, or in a backslash, or closes one too many. -#}
{% macro _refuse_open_brackets(here, regex) -%}
    {%- set set_of_characters = '\\[\\^?\\]?(\\[[:.=].*?[:.=]\\]|\\\\.|[^\\]])*\\]' -%}
    {%- set bare = modules.re.sub('(?s)\\\\.|' ~ set_of_characters, '', regex) -%}
    {%- set open = namespace(count=0, is_sound='[' not in bare and '\\' not in bare) -%}
    {%- for bracket in modules.re.findall('[()]', bare) -%}
        {%- set open.count = open.count + (1 if bracket == '(' else -1) -%}
        {%- if open.count < 0 -%}{%- set open.is_sound = false -%}{%- endif -%}
    {%- endfor -%}
    {%- if not (open.is_sound and open.count == 0) -%}
        {{ exceptions.raise_compiler_error(here ~ ": regex is '" ~ regex ~ "', allowed are regular expressions whose brackets and backslashes are complete") }}
    {%- endif -%}
{%- endmacro %}
