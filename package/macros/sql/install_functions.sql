{#-
    Statement that creates the functions which read text as types, where they are missing or differ.

    PostgreSQL 16 and newer test whether text can be read (`pg_input_is_valid`); on 15, regular
    expressions accept the same forms. All are parallel safe SQL functions, which the planner
    inlines; none raises. A function that is not inlined reads what is not plain, so that the
    expression of every row stays short.
-#}
{% macro install_functions() -%}
    {%- set schema = trustgate.quality_schema() -%}
    {%- set whitespace = trustgate.white_space() -%}
    {%- set iso_form -%}
        btrim(value) ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)? ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?$'
            and btrim(value) >= '0001'
            and substr(btrim(value), 9, 2)::integer <= {{ schema }}.days_in_month(substr(btrim(value), 1, 4)::integer, substr(btrim(value), 6, 2)::integer)
    {%- endset -%}
    {%- set numeric_form -%}
        value ~ '^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)$'
            and length(ltrim(split_part(value, '.', 1), '+-0')) <= digits
            and length(split_part(value, '.', 2)) <= 16383
    {%- endset -%}
    {#-
        The same form, tested by the server. The type is a constant, because `pg_input_is_valid`
        keeps the first one that it gets as a parameter.
    -#}
    {%- set numeric_form_quick -%}
        value !~ '[^0-9.+-]' and pg_input_is_valid(value, 'numeric')
            and length(ltrim(split_part(value, '.', 1), '+-0')) <= digits
    {%- endset -%}
    {#- Most values are plain: the expression itself reads them, a function the rest. #}
    {%- set plain_number -%}
        value ~ '^[0-9]+([.][0-9]+)?$' and length(split_part(value, '.', 1)) <= digits and length(split_part(value, '.', 2)) <= scale
    {%- endset -%}
    {%- set plain_number_quick -%}
        value !~ '[^0-9.]' and pg_input_is_valid(value, 'numeric') and length(split_part(value, '.', 1)) <= digits
        and pg_catalog.scale(value::numeric) <= scale
    {%- endset -%}
    {%- set plain_time -%}
        value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$' and value >= '0001'
    {%- endset -%}
    {%- set plain_time_quick -%}
        value like '____-__-__T__:__:__Z' and value !~ '[^0-9TZ:-]' and value not like '%T24:%' and value not like '%:60Z'
        and pg_input_is_valid(value, 'timestamptz')
    {%- endset -%}
    {%- set functions = [
        trustgate.reading_functions(schema, whitespace),
        trustgate.comparing_functions(schema),
        trustgate.declared_number_functions(schema, whitespace),
        trustgate.number_form_functions(schema, whitespace),
        trustgate.declared_time_functions(schema, whitespace),
        trustgate._amount_readers(schema),
        trustgate._gate_reader(schema),
        trustgate._publication_reader(schema),
        trustgate.figure_functions(schema),
        trustgate.exception_logger(schema),
    ] | join('\n') -%}
    do $install$
    declare
        is_quick constant boolean := current_setting('server_version_num')::integer >= 160000;
        signature constant text := '{{ local_md5(functions ~ iso_form ~ numeric_form ~ numeric_form_quick ~ plain_number ~ plain_number_quick ~ plain_time ~ plain_time_quick) }}' || is_quick;
    begin
        perform pg_advisory_xact_lock(hashtext('trustgate functions'), hashtext('{{ schema }}'));
        -- `create schema if not exists` needs the right to create one even where it exists.
        if to_regnamespace('{{ schema }}') is null then
            create schema if not exists {{ schema }};
        end if;
        if obj_description(to_regprocedure('{{ schema }}.is_card_number(text)'), 'pg_proc') is distinct from signature then
            execute format(
                $functions${{ functions }}$functions$,
                case when is_quick then $form${{ numeric_form_quick }}$form$ else $form${{ numeric_form }}$form$ end,
                $form${{ iso_form }}$form$,
                case when is_quick then $form${{ plain_number_quick }}$form$ else $form${{ plain_number }}$form$ end,
                case when is_quick then $form${{ plain_time_quick }}$form$ else $form${{ plain_time }}$form$ end
            );
            execute format('comment on function {{ schema }}.is_card_number(text) is %L', signature);
        end if;
    end
    $install$
{%- endmacro %}


{#-
    Statements that create the function with which a load reads an entity's amounts, where its base
    model names one (`amount_reader`): as base reads them, without the limits of the column's type.
-#}
{% macro _amount_readers(schema) -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- set declared = trustgate.meta_of('base_' ~ entity) -%}
        {%- if declared.get('amount_reader', 'try_numeric') != 'try_numeric' -%}
            {%- set read = trustgate.parse('value', 'numeric', trustgate.format_of(entity, declared.amount)) %}
create or replace function {{ schema }}.{{ declared.amount_reader }}(value text)
returns numeric language sql stable parallel safe as $sql$
    select {{ read | replace('%', '%%') }}
$sql$;
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{#-
    Statement that creates the function through which a test reads the gate. With its setting, the
    server does not compile the query (`jit`), which takes seconds for the gate and saves none.
-#}
{% macro _gate_reader(schema) -%}
create or replace function {{ schema }}.shut_checks(gate text)
returns table (
    check_id text, kind text, entity text, open_count bigint, allowed bigint, detail text
)
language plpgsql stable set jit = off as $body$
begin
    return query execute format(
        'select check_id::text, kind::text, entity::text, open_count::bigint, allowed::bigint, '
        || 'detail::text from %%s where not is_open',
        gate
    );
end
$body$;
{%- endmacro %}


{#-
    Statement that creates the function which finds the publication of a row of a mart, by its key:
    the run that wrote the row as it is, and when it read the gate. No row where the mart does not
    exist, has not the row, or was written by an earlier version. It looks the mart up itself: what
    reads it exists before any mart.
-#}
{% macro _publication_reader(schema) -%}
create or replace function {{ schema }}.publication_of(mart text, key jsonb)
returns table (run_id text, published_at timestamptz)
language plpgsql stable as $body$
begin
    if not exists (
        select from pg_attribute where attrelid = to_regclass(mart) and attname = '_run_id'
    ) then
        return;
    end if;
    return query execute (
        select format(
            'select reading.run_id, reading.read_at from %%s as mart '
            'inner join {{ schema }}.gate_readings as reading '
            'on mart._run_id::text = reading.run_id where ', mart
        ) || string_agg(
            format('mart.%%I = (jsonb_populate_record(null::%%s, $1)).%%I', name, mart, name),
            ' and '
        )
        from jsonb_object_keys(key) as keys (name)
    ) using key;
end
$body$;
{%- endmacro %}
