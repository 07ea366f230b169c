{#-
    Post-hook: an index on an expression, which dbt's `indexes` cannot name; made where the table that stands
    has none. Its name tells the table's identity, so that one built anew gets its own.

    Args:
        name: what it is of, such as `paid_date`.
        expression: SQL, immutable.
-#}
{% macro expression_index(name, expression) -%}
    do $index$
    begin
        if to_regclass(format('%I.%I', '{{ this.schema }}', '{{ this.identifier }}_{{ name }}_' || '{{ this }}'::regclass::oid)) is null then
            execute format('create index %I on {{ this }} (({{ expression | replace("'", "''") }}))', '{{ this.identifier }}_{{ name }}_' || '{{ this }}'::regclass::oid);
        end if;
    end
    $index$
{%- endmacro %}
