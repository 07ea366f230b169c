{#-
    Rules of an entity that follow from its declaration: a text that an index holds fits into it. Of
    a longer one base holds the beginning and a hash (`bounded_text`), so that one record stops no
    other, and the record fails. Columns with a rule on their length need none, nor do those that
    must have a parent, which fails itself.

    Args: meta: of the base model, see `entity_meta`; columns: mapping of the typed columns.
    Returns: list of rules as in YAML, which count nothing in the score.
-#}
{% macro implied_rules(meta, columns) -%}
    {%- set covered, tests, long = [], [], [] -%}
    {#- A number that is too long is NULL. #}
    {%- set limits = trustgate.looked_up_columns(meta, columns) -%}
    {%- for rule in meta.get('rules') or [] if rule is mapping -%}
        {%- if rule.get('severity', 'error') == 'error' and not rule.get('row_condition') and (
            rule.get('check') == 'relationships'
            or (
                rule.get('check') == 'expect_column_value_lengths_to_be_between'
                and rule.get('max_value') is number and rule.max_value <= 200
            )
        ) -%}
            {%- do covered.append(rule.get('column')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for column, most in limits.items()
        if (columns[column] | lower | trim) in ('text', 'numeric') and column not in covered -%}
        {%- do long.append(column) -%}
        {%- do tests.append('coalesce(octet_length(received.' ~ column ~ '), 0) <= ' ~ most) -%}
    {%- endfor -%}
    {{ return([{
        'id': meta.entity ~ '_keys_fit',
        'expression': tests | join(' and '),
        'dimension': 'validity',
        'message': long | join(' or ') ~ ' is too long for an index',
    }] if long else []) }}
{%- endmacro %}
