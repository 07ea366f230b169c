{#-
    Statement that lets a layer record its alterations from outside: rows that anything but the
    pipeline writes. Where its triggers are in place, it locks nothing.

    The pipeline's own transactions are known by a setting (`trustgate.writes`), which is tested
    before a row is looked at.

    Args: relation; layer: name of its model; entity: whose records its rows are made of; keys:
        columns that identify a row; none for records, which have a key of their own.
-#}
{% macro watch_layer(relation, layer, entity, keys=[]) -%}
    {%- set arguments -%}
        '{{ ([layer, entity] + keys) | join("', '") }}'
    {%- endset -%}
    {%- set when = "(current_setting('trustgate.writes', true) is distinct from 'on')" -%}
    {%- set function = trustgate.quality_schema() ~ '.note_alteration' -%}
    do $watch$
    begin
        if 2 <> (
            select count(*)
            from pg_trigger
            where
                tgrelid = '{{ relation }}'::regclass
                and tgname in ('trustgate_alterations', 'trustgate_truncations')
                and tgenabled in ('O', 'A')
        ) then
            create or replace trigger trustgate_alterations
            after insert or update or delete on {{ relation }}
            for each row when {{ when }}
            execute function {{ function }}({{ arguments }});
            create or replace trigger trustgate_truncations
            before truncate on {{ relation }}
            for each statement when {{ when }}
            execute function {{ function }}({{ arguments }});
            alter table {{ relation }} enable trigger trustgate_alterations;
            alter table {{ relation }} enable trigger trustgate_truncations;
        end if;
    end
    $watch$
{%- endmacro %}
