{#-
    Statement that creates the indexes which a table lacks; where none is missing, it locks nothing.
    Columns and uniqueness are compared. An index on an expression is recognised by its name, which
    contains the table's oid, so that a rebuilt table gets its own.

    Args: relation; indexes: list of mappings with columns (names, or one SQL expression), unique
        and type.
-#}
{% macro create_missing_indexes(relation, indexes) -%}
    do $indexes$
    begin
        {%- for index in indexes %}
        {%- set is_expression = index.columns | length == 1
            and not modules.re.fullmatch('\\w+', index.columns[0]) %}
        {%- set kind = 'unique index' if index.get('unique') else 'index' %}
        {%- if is_expression %}
        {%- set hash = local_md5(index.columns[0])[:8] %}
        {%- set name = "'" ~ relation.identifier ~ '_' ~ hash ~ "_' || '" ~ relation
            ~ "'::regclass::oid" %}
        if to_regclass(format('%I.%I', '{{ relation.schema }}', {{ name }})) is null then
            execute format(
                'create {{ kind }} %I on {{ relation }} ((%s))',
                {{ name }}, {{ trustgate.literal(index.columns[0]) }}
            );
        end if;
        {%- else %}
        if not exists (
            select 1
            from pg_index
            where indrelid = '{{ relation }}'::regclass
                and indisvalid
                and indisunique = {{ index.get('unique', false) | string | lower }}
                and array(
                    select attname::text
                    from unnest(indkey) with ordinality as part (attnum, place)
                    inner join pg_attribute
                        on attrelid = indrelid and pg_attribute.attnum = part.attnum
                    order by place
                ) = array['{{ index.columns | join("', '") }}']
        ) then
            create {{ kind }} on {{ relation }}
            {%- if index.get('type') %} using {{ index.type }}{% endif %}
            ({{ index.columns | join(', ') }});
        end if;
        {%- endif %}
        {%- endfor %}
    end
    $indexes$
{%- endmacro %}
