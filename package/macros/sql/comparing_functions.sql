{#-
    Statements that create the functions with which keys and values are compared, as a text for
    `format`.

    - key_text: a value as text, one and the same however a number was written.
    - same_value: equal, or both NULL. An exact number and a float are compared as numerics of the
        float's shortest text: as floats, 9007199254740993 and 9007199254740992 would be equal.
    - measure: a value as the number that differences are made of: a time in seconds, a date in
        days, a float by its shortest text.
    There is one for each type with an implicit cast to another, so that no call is ambiguous.
-#}
{% macro comparing_functions(schema) -%}
{%- set numbers = ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') -%}
{%- for type, as_text in {
    'anyelement': 'value::text', 'text': 'value', 'numeric': 'trim_scale(value)::text',
    'smallint': 'value::text', 'integer': 'value::text', 'bigint': 'value::text',
    'real': 'value::text', 'double precision': 'value::text',
}.items() %}
create or replace function {{ schema }}.key_text(value {{ type }})
returns text language sql {{ 'immutable' if type != 'anyelement' else 'stable' }} parallel safe
as $sql$ select {{ as_text }} $sql$;
{% endfor -%}
create or replace function {{ schema }}.same_value(one anycompatible, other anycompatible)
returns boolean language sql stable parallel safe
as $sql$ select one is not distinct from other $sql$;
{% for type in numbers -%}
{%- for other in numbers %}
{%- set is_mixed = type != other
    and (type in ('real', 'double precision') or other in ('real', 'double precision')) %}
{%- set as_compared = '::text::numeric' if is_mixed else '' %}
create or replace function {{ schema }}.same_value(one {{ type }}, other {{ other }})
returns boolean language sql stable parallel safe as $sql$
    select one{{ as_compared }} is not distinct from other{{ as_compared }}
$sql$;
{% endfor -%}
{%- endfor -%}
{%- for type, number in {
    'anyelement': 'value::text::numeric',
    'date': 'extract(julian from value)',
    'timestamp': "extract(epoch from value at time zone 'UTC')",
    'timestamptz': 'extract(epoch from value)',
    'interval': 'extract(epoch from value)',
    'time': 'extract(epoch from value)',
}.items() %}
create or replace function {{ schema }}.measure(value {{ type }})
returns numeric language sql stable parallel safe as $sql$ select {{ number }} $sql$;
{% endfor -%}
{%- endmacro %}
