{#-
    Raises a compiler error where a declaration is not what its specification says, in one sentence
    that begins with the place and names the key, the value given and the values allowed.

    Args:
        place: what the message begins with, such as `model base_orders, rule order_id_present`.
        specification: name of one in `specifications`, or a mapping like those there.
        declaration: mapping as declared.
        known: lists of names that the specification refers to; none in place of a list that cannot
            be seen, of which any value is allowed.
-#}
{% macro validate(place, specification, declaration, known={}) -%}
    {%- set specified = specification -%}
    {%- if specification is string -%}
        {%- set specified = trustgate.specifications()[specification] -%}
    {%- endif -%}
    {%- if declaration is not mapping -%}
        {{ exceptions.raise_compiler_error(
            place ~ ": it is '" ~ declaration ~ "', allowed is " ~ specified.get('is', 'a mapping')
        ) }}
    {%- endif -%}
    {%- for key in specified.get('required', []) if declaration.get(key) in (none, '') -%}
        {{ exceptions.raise_compiler_error(
            place ~ ': ' ~ key ~ ' is missing; ' ~ specified.needs
        ) }}
    {%- endfor -%}
    {%- set kinds = specified['keys'] -%}
    {%- for key in declaration if key not in kinds -%}
        {%- set here = place ~ specified.get('keys_place', '') -%}
        {%- do trustgate.validate_value(here, 'argument', key, {'among': kinds | list}) -%}
    {%- endfor -%}
    {%- for key, value in declaration.items() if kinds[key] != 'any' -%}
        {%- if value is not none or not specified.get('takes_none') -%}
            {%- do trustgate.validate_value(place, key, value, kinds[key], known) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
