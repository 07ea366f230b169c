{#-
    Post-hook: gives a table of an earlier build the indexes that its model declares and it lacks. dbt
    makes indexes only where it makes the table, and histories are never made again. Where none is
    missing, nothing is locked.

    Compared are columns and uniqueness: dbt names an index anew each time.
-#}
{% macro add_missing_indexes() -%}
    {%- if is_incremental() and config.get('indexes') -%}
    do $indexes$
    begin
        {%- for index in config.get('indexes') %}
        if not exists (
            select 1
            from pg_index
            where indrelid = '{{ this }}'::regclass
                and indisvalid
                and indisunique = {{ index.get('unique', false) | string | lower }}
                and array(
                    select attname::text
                    from unnest(indkey) with ordinality as part (attnum, place)
                    inner join pg_attribute on attrelid = indrelid and pg_attribute.attnum = part.attnum
                    order by place
                ) = array['{{ index.columns | join("', '") }}']
        ) then
            create {{ 'unique ' if index.get('unique') }}index on {{ this }}
            {%- if index.get('type') %} using {{ index.type }}{% endif %} ({{ index.columns | join(', ') }});
        end if;
        {%- endfor %}
    end
    $indexes$
    {%- endif -%}
{%- endmacro %}
