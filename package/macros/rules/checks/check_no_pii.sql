{#- Fails where the text holds an e-mail address, a phone number, a CPF, an IBAN or a card number that passes
    Luhn's check. NULL passes. -#}
{% macro check_no_pii(here, rule, columns) -%}
    {%- set text = '_received_' ~ rule.column -%}
    {%- set patterns = [
        '[[:alnum:]._%+-]+@[[:alnum:]-]+[.][[:alpha:]]{2,}',
        '[+][0-9]{1,3}[ -]?[(]?[0-9]{2,4}[)]?[ -]?[0-9]{3,5}[ -]?[0-9]{3,5}',
        '[(][0-9]{2,4}[)] ?[0-9]{3,5}[ -]?[0-9]{4}',
        '\\m[0-9]{3}[.][0-9]{3}[.][0-9]{3}-[0-9]{2}\\M',
        '\\m[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){3,7}( ?[A-Z0-9]{1,3})?\\M',
    ] -%}
    {#- Few texts hold as many digits: only of those is each stretch of them asked. #}
    {%- set card = '\\m[0-9]([ -]?[0-9]){12,18}\\M' -%}
    {%- set holds -%}
        ({{ text }} ~ '{{ patterns | join('|') }}' or case when {{ text }} ~ '{{ card }}' then {{ trustgate.quality_schema() }}.holds_card_number({{ text }}) end)
    {%- endset -%}
    {{ return({
        'passes': '((' ~ holds ~ ') is not true)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
