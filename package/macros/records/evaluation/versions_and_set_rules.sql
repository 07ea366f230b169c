{#-
    CTEs that end in `versions_and_set_rules`: the place of a record among the versions of its key,
    and the set rules it breaks. Grain: one row per record that has other versions or breaks a set
    rule; these are few.

    Groups with more than one member are found by hash first, then compared exactly. The latest
    version of a key is the one whose version cannot be read, else the greatest, else the last to
    arrive. A record with the content of the version before it is a duplicate, and no version of its
    own; a value that goes back to what it was before that is a new version.
-#}
{% macro versions_and_set_rules(declared, columns, rules, is_increment) -%}
typed_values as {{ '' if is_increment else 'not ' }}materialized (
    select
        raw._record_id,
        raw._dataset,
        raw._loaded_at,
        raw._row_number,
        {%- for column in trustgate._set_rule_columns(declared, rules, columns) %}
        {%- set text = trustgate.as_corrected(column, 'raw', 'overlay.corrections') %}
        {{ trustgate.typed_column(text, column, columns, declared) }} as {{ column }},
        {%- endfor %}
        {%- if declared.version %}
        {%- set text = trustgate.as_corrected(declared.version, 'raw', 'overlay.corrections') %}
        {{ trustgate.parse(text, 'text') }} as _received_version,
        {%- endif %}
        {{ trustgate.record_key_of(declared, columns, 'raw') }} as _record_key
    from {{ trustgate.received_to_type(declared, is_increment) | indent(4) }}
),

{#- Ordered, so that parallel workers sort; one process would hash them all. #}
key_hashes as not materialized (
    select hashtextextended(_record_key, hashtext(_dataset)) as key_hash
    from typed_values
    order by 1
),

versions_compared as (
    select
        *,
        {%- if declared.version %}
        {{ declared.version }} is null and _received_version is not null as _is_version_unreadable,
        {{ declared.version }} as _version,
        {%- else %}
        false as _is_version_unreadable,
        null::integer as _version,
        {%- endif %}
        {#- Few records have other versions, and only theirs is computed. #}
        (
            select {{ trustgate.content_of(declared, columns) | indent(12) }}
            from {{ trustgate.project_ref('raw_' ~ declared.entity) }} as received
            where received._record_id = typed_values._record_id
        ) as _content
    from typed_values
    where hashtextextended(_record_key, hashtext(_dataset)) in (
        select key_hash from key_hashes
        group by key_hash
        having count(*) > 1
    )
),

versions_ordered as (
    select
        *,
        {%- if declared.version %}
        _version is not null
        and min(_content) over (partition by _dataset, _record_key, _version)
        <> max(_content) over (partition by _dataset, _record_key, _version) as _is_conflicting,
        {%- else %} false as _is_conflicting, {%- endif %}
        coalesce((lag(_content) over in_order) = _content, false) as _is_duplicate,
        row_number() over in_order as _place
    from versions_compared
    window in_order as (
        partition by _dataset, _record_key
        order by _is_version_unreadable, _version nulls first, _loaded_at, _row_number, _record_id
    )
),

versions as (
    select
        _record_id,
        _is_duplicate,
        _is_conflicting,
        not _is_duplicate and _place = max(_place) filter (where not _is_duplicate)
            over (partition by _dataset, _record_key) as _is_latest,
        (
            count(*) filter (where not _is_duplicate)
                over (partition by _dataset, _record_key order by _place)
        )::integer as _version_number
    from versions_ordered
),

versions_and_set_rules as materialized (
    select
        _record_id as record_id,
        max(_version_number) as _version_number,
        bool_or(_is_latest) as _is_latest,
        bool_or(_is_duplicate) as _is_duplicate,
        array_agg(rule_id order by rule_id) filter (where rule_id is not null) as _broken
    from (
        select
            _record_id,
            _version_number,
            _is_latest,
            _is_duplicate,
            null::text as rule_id
        from versions
        {#-
            The planner expects few distinct records of a union. Of versions alone it expects as
            many as raw holds, and the join above would spill all of them.
        #}
        union all
        (select null::uuid, null::integer, null::boolean, null::boolean, null::text limit 0)
        {%- for rule in rules %}
        union all
        select
            _record_id,
            null as _version_number,
            null as _is_latest,
            null as _is_duplicate,
            '{{ rule.id }}' as rule_id
        {%- if rule.check == 'no_conflicting_versions' %}
        from versions
        where _is_conflicting
        {%- else %}
        from (
            {{ trustgate.not_unique(rule, columns, is_increment) | indent(12) }}
        ) as not_unique
        {%- endif %}
        {%- endfor %}
    ) as found
    group by _record_id
)
{%- endmacro %}


{#-
    Columns that versions and set rules read: the version and the columns that rules compare; all
    columns where a rule has a condition, which may name any.
-#}
{% macro _set_rule_columns(declared, rules, columns) -%}
    {%- set grouped = trustgate.grouped_columns(rules | selectattr('group') | list) -%}
    {%- if rules | selectattr('condition') | list -%}
        {{ return(columns.keys() | list) }}
    {%- endif -%}
    {%- set version = declared.version -%}
    {{ return(grouped + ([version] if version and version not in grouped else [])) }}
{%- endmacro %}
