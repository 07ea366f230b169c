{#-
    SQL of the sentence that explains a failure: the note on it, else the rule's message, else its
    name; then the actual and the expected value.

    Args: rule: alias of the rule's row; detail: SQL of [actual] or [actual, note].
-#}
{% macro error_message(rule, detail) -%}
    case when {{ detail }} is not null then
        coalesce({{ detail }} ->> 1, {{ rule }}.message, {{ rule }}.rule_name)
        || ': '
        || case
            when {{ rule }}.column_name is null then 'found '
            else {{ rule }}.column_name || ' is '
        end
        || coalesce('''' || ({{ detail }} ->> 0) || '''', 'empty')
        || ', expected ' || {{ rule }}.expected
    end
{%- endmacro %}
