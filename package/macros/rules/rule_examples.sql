{#-
    The examples of a rule, checked: list of mappings with expected (`pass` or `fail`), number (from 1),
    text (the example as written) and values (mapping of column to text as received, or none; of a
    parent's column as `<join>.<column>`).

    Args: here: place for messages; rule: mapping of the YAML; scope: `record` or `set`; words: columns
    that an example may give.
    Raises: a compiler error for examples of a rule that judges a record among others, for a word or a
    column that is not known, and for a value that is not text.
-#}
{% macro rule_examples(here, rule, scope, words) -%}
    {%- set declared = rule.get('examples') or {} -%}
    {%- if declared and (scope == 'set' or rule.get('check') == 'relationships') -%}
        {{ exceptions.raise_compiler_error(
            here ~ ': it cannot have examples, since ' ~ rule.check ~ ' judges a record among others'
        ) }}
    {%- endif -%}
    {%- if declared is not mapping -%}
        {{ exceptions.raise_compiler_error(here ~ ": examples is '" ~ declared ~ "', allowed is a mapping with pass and fail") }}
    {%- endif -%}
    {%- do trustgate.refuse_unknown_words(here ~ ', examples', declared, ['pass', 'fail']) -%}
    {%- set examples = [] -%}
    {%- for expected, given in declared.items() -%}
        {%- if given is string or given is mapping or given is not iterable -%}
            {{ exceptions.raise_compiler_error(here ~ ', examples: ' ~ expected ~ " is '" ~ given ~ "', allowed is a list of examples") }}
        {%- endif -%}
        {%- for example in given -%}
            {%- set place = here ~ ', examples, ' ~ expected ~ ' ' ~ loop.index -%}
            {%- do examples.append({
                'expected': expected,
                'number': loop.index,
                'text': tojson(example),
                'values': trustgate._example_values(place, rule, example, words),
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(examples) }}
{%- endmacro %}


{#- What an example gives: mapping of column to text or none; a bare value is of the rule's own column. -#}
{% macro _example_values(place, rule, example, words) -%}
    {%- if example is not mapping and rule.get('column') is none -%}
        {{ exceptions.raise_compiler_error(
            place ~ ": it is '" ~ example ~ "'; the rule has no column, so its examples are mappings of column to text"
        ) }}
    {%- endif -%}
    {%- set values = example if example is mapping else {rule.column: example} -%}
    {%- for word, value in values.items() -%}
        {%- do trustgate.refuse_unknown_word(place, 'column', word, words) -%}
        {%- if value is not none and value is not string -%}
            {{ exceptions.raise_compiler_error(
                place ~ ': ' ~ word ~ ' is ' ~ value ~ ', allowed is text as it would be received (in quotes) or null'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}
