{#-
    Statements of migration 6: requests for the records of base whose key, place among the versions
    of their key, or conflict was found by the text of values. A key is now a value of its type, a
    duplicate equals the version before it, and content is compared as it is read. Columns are read
    by name, since base may not have those that were declared last.
-#}
{% macro migrate_to_typed_keys() -%}
    {%- for entity in trustgate.setting('entities') %}
    {%- set node = trustgate.declared_node('base_' ~ entity) %}
    {%- if node and node.config.meta.get('key') %}
    {%- set key, version = node.config.meta.key, node.config.meta.get('version') %}
    {%- set parts, conflicts = [], [] %}
    {%- for column in ([key] if key is string else key)
        if (trustgate.declared_columns(entity)[column] | lower).startswith('numeric') -%}
        {%- set part = "(to_jsonb(known) ->> '" ~ column ~ "')" -%}
        {%- do parts.append(part ~ ' <> trim_scale(' ~ part ~ '::numeric)::text') -%}
    {%- endfor %}
    {%- for rule in node.config.meta.get('rules') or []
        if rule is mapping and rule.get('check') == 'no_conflicting_versions' -%}
        {%- do conflicts.append("'" ~ rule.id ~ "' = any(known._dq_failed || known._dq_warned)") -%}
    {%- endfor %}
    if to_regclass('{{ node.relation_name }}') is not null then
        insert into {{ trustgate.quality_schema() }}.reprocess_requests (
            dataset, entity, scope, record_key, reason, requested_by
        )
        select _dataset, '{{ entity }}', 'key', _record_key, 'evaluated by values', 'upgrade'
        from (
            {#- Another version arrived between a record and the one that it repeats. #}
            select known._dataset, known._record_key
            from {{ node.relation_name }} as known
            inner join {{ node.relation_name }} as between_them
                on known._dataset = between_them._dataset
                and known._record_key = between_them._record_key
            where
                known._is_duplicate
                and not between_them._is_duplicate
                and between_them._version_number > known._version_number
                {%- if version %}
                and to_jsonb(between_them) -> '{{ version }}'
                is not distinct from to_jsonb(known) -> '{{ version }}'
                {%- endif %}
            {%- for condition in conflicts %}
            union
            select known._dataset, known._record_key
            from {{ node.relation_name }} as known
            where {{ condition }}
            group by
                known._dataset, known._record_key
                {{- ", to_jsonb(known) -> '" ~ version ~ "'" if version }}
            having count(distinct known._checksum) > count(distinct (
                select jsonb_object_agg(field.key, field.value)
                from jsonb_each(to_jsonb(known)) as field
                where left(field.key, 1) <> '_'
            ))
            {%- endfor %}
            {%- for condition in parts %}
            union
            select known._dataset, known._record_key
            from {{ node.relation_name }} as known
            where {{ condition }}
            {%- endfor %}
        ) as found;
    end if;
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
