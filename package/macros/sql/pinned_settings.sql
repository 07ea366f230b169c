{#-
    SQL list of calls that set, until the transaction ends, every setting of a session that changes
    what a value or a statement means. A role, a database or the environment may set them
    differently; the runner sets the same ones in its own sessions (`runner/postgres/session.py`).

    Statements that follow are read with them, this one is not: PostgreSQL reads the whole of it
    before it sets anything, but the body of a `do` or a function.

    The search path keeps its other schemas. Without pg_catalog and pg_temp in it, both are searched
    first, so that no relation or function of another schema is taken for one of theirs.
-#}
{% macro pinned_settings() -%}
    {%- for name, value in trustgate._settings_to_pin().items() -%}
    set_config('{{ name }}', '{{ value }}', true),
    {% endfor -%}
    set_config('search_path', (
        select coalesce(string_agg(part, ',' order by number), '')
        from unnest(string_to_array(current_setting('search_path'), ','))
            with ordinality as parts (part, number)
        where lower(btrim(part, ' "')) not in ('pg_catalog', 'pg_temp')
    ), true)
{%- endmacro %}


{#- The settings and their values; but for the encoding, those that dbt sends text with. -#}
{% macro _settings_to_pin() -%}
    {{ return({
        'TimeZone': 'UTC',
        'DateStyle': 'ISO, MDY',
        'IntervalStyle': 'postgres',
        'extra_float_digits': '1',
        'standard_conforming_strings': 'on',
    }) }}
{%- endmacro %}
