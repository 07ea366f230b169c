{#-
    The examples of a rule, valid: list of mappings with rule (its id), expected (`pass` or `fail`),
    number (from 1), text (the example as written) and values (mapping of column to the text as
    received, or none; of a parent's column as `<join>.<column>`).

    Args: here: place for messages; rule: as declared in YAML; scope: `record` or `set`; columns:
        names of the columns that an example may give.
    Raises: a compiler error for examples of a rule that compares a record with others, for an
        unknown key or column, and for a value that is not text.
-#}
{% macro rule_examples(here, rule, scope, columns) -%}
    {%- set declared = rule.get('examples') or {} -%}
    {%- if declared and (scope == 'set' or rule.get('check') == 'relationships') -%}
        {{ exceptions.raise_compiler_error(
            here ~ ': it cannot have examples, since ' ~ rule.check
            ~ ' compares a record with others'
        ) }}
    {%- endif -%}
    {%- do trustgate.validate_value(here, 'examples', declared, {
        'kind': 'mapping', 'allowed': 'is a mapping with pass and fail'
    }) -%}
    {%- do trustgate.validate(here ~ ', examples', 'examples', declared) -%}
    {%- set examples = [] -%}
    {%- for expected, given in declared.items() -%}
        {%- for example in given -%}
            {%- set place = here ~ ', examples, ' ~ expected ~ ' ' ~ loop.index -%}
            {%- do examples.append({
                'rule': rule.id,
                'expected': expected,
                'number': loop.index,
                'text': tojson(example),
                'values': trustgate._example_values(place, rule, example, columns),
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(examples) }}
{%- endmacro %}


{#- Texts that an example gives, by column; one alone is of the rule's own column. -#}
{% macro _example_values(place, rule, example, columns) -%}
    {%- if example is not mapping and rule.get('column') is none -%}
        {{ exceptions.raise_compiler_error(
            place ~ ": it is '" ~ example ~ "'; the rule has no column, so its examples are "
            'mappings of column to text'
        ) }}
    {%- endif -%}
    {%- set values = example if example is mapping else {rule.column: example} -%}
    {%- for column, value in values.items() -%}
        {%- do trustgate.validate_value(place, 'column', column, {'among': columns}) -%}
        {%- if value is not none and value is not string -%}
            {{ exceptions.raise_compiler_error(
                place ~ ': ' ~ column ~ ' is ' ~ value ~ ', allowed is text as it would be '
                'received (in quotes) or null'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}
