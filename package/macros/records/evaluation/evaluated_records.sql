{#-
    SQL of typed records with the verdict of the rules that concern a record alone: `_failed` and
    `_warned` (ids, null when none), `_status_alone`, `_lost_weight`, `_details` (rule id to
    [actual] or [actual, note]).

    Args: declared: see `declared_entity`; typed: SQL; rules: record rules, errors first.
-#}
{% macro evaluated_records(declared, columns, typed, rules) -%}
{%- set provenance = [
    '_record_id', '_dataset', '_batch_id', '_row_number', '_worker_id', '_checksum', '_loaded_at',
    '_record_key', '_corrections',
] -%}
{%- set errors = rules | selectattr('severity', 'equalto', 'error') | list | length -%}
select
    {{ (provenance + columns.keys() | list) | join(',\n    ') }},
    {%- for name, slice in {'_failed': ':' ~ errors, '_warned': (errors + 1) ~ ':'}.items() %}
    case
        when _broken is not null then nullif(array_remove(_broken[{{ slice }}], null), '{}')
    end as {{ name }},
    {%- endfor %}
    case
        when _broken is null then 'PASSED'
        when array_remove(_broken[:{{ errors }}], null) <> '{}' then 'FAILED'
        else 'WARNING'
    end as _status_alone,
    {%- if rules %}
    case
        when _broken is null then 0
        else
            {%- for rule in rules %}
            case when _broken[{{ loop.index }}] is null then 0 else {{ rule.weight }} end
            {{- ' +' if not loop.last }}
            {%- endfor %}
    end as _lost_weight,
    case when _broken is not null then jsonb_strip_nulls(jsonb_build_object(
        {%- for rule in rules %}
        '{{ rule.id }}', case when _broken[{{ loop.index }}] is not null then jsonb_build_array(
            {{ trustgate._found(rule, columns) }}{{ trustgate._note(rule, declared) }}
        ) end{{ trustgate.next_pair(loop) }}
        {%- endfor %}
    )) end as _details,
    {%- else %}
    0 as _lost_weight,
    null::jsonb as _details,
    {%- endif %}
    clock_timestamp() as _fence
from (
    select
        *,
        {%- if rules %}
        case
            when
                {{ rules | map(attribute='passes') | join('\n                and ') }}
                then null
            else array[
                {%- for rule in rules %}
                case when {{ rule.passes }} then null else '{{ rule.id }}' end
                {{- ',' if not loop.last }}
                {%- endfor %}
            ]
        end as _broken,
        {%- else %}
        null::text[] as _broken,
        {%- endif %}
        clock_timestamp() as _fence
    from (
        select
            typed.*
            {%- for join in declared.joins %},
            {%- for column in trustgate._columns_seen(join, rules) %}
            {{ join.joined }}.{{ column }} as {{ join.alias }}__{{ column }},
            {%- endfor %}
            {{ join.joined }}._is_there as {{ join.alias }}__is_there
            {%- endfor %}
        from (
            {{ typed | indent(12) }}
        ) as typed
        {%- for join in declared.joins if join.joined == join.alias %}
        left join (
            {%- set joined = trustgate._columns_joined(join, declared.joins, rules) %}
            {{ trustgate.parent_rows(join, joined) | indent(12) }}
        ) as {{ join.alias }}
            on typed._dataset = {{ join.alias }}._dataset
            and typed.{{ join.lookup.column }} = {{ join.alias }}._join_value
        {%- endfor %}
    ) as joined
) as tested
{%- endmacro %}


{#- SQL of the actual value: the received text of the rule's column; for several, `name=text`. -#}
{% macro _found(rule, columns) -%}
    {%- if rule.columns | length == 1 and rule.columns[0] in columns -%}
        _received_{{ rule.columns[0] }}
    {%- elif not rule.columns -%}
        null::text
    {%- else -%}
        concat_ws(', '
        {%- for column in rule.columns -%}
            {%- set text = '_received_' ~ column if column in columns else column ~ '::text' -%}
            , '{{ column | replace('__', '.') }}=' || coalesce({{ text }}, 'null')
        {%- endfor -%}
        )
    {%- endif -%}
{%- endmacro %}


{#- SQL of a note on the actual value: a missing parent that was received but is quarantined. -#}
{% macro _note(rule, declared) -%}
    {%- for join in declared.joins if join.alias == rule.alias -%}
        {#- A scalar: for `exists` the planner would hash the whole table, and few records ask. #}
        , case when (
            select true from {{ trustgate.project_ref(join.base) }} as received
            where
                received._dataset = tested._dataset
                and received.{{ join.lookup.field }} = tested.{{ join.lookup.column }}
            limit 1
        )
        then '{{ join.entity }} ' || tested.{{ join.column }} || ' was received and is quarantined'
        end
    {%- endfor -%}
{%- endmacro %}


{#- Columns that rules read of a join, or of another join with the same lookup. -#}
{% macro _columns_joined(join, joins, rules) -%}
    {%- set seen = [] -%}
    {%- for other in joins if other.joined == join.alias -%}
        {%- for column in trustgate._columns_seen(other, rules) if column not in seen -%}
            {%- do seen.append(column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(seen) }}
{%- endmacro %}


{#- Columns of a join that rules read. -#}
{% macro _columns_seen(join, rules) -%}
    {%- set seen = [] -%}
    {%- for rule in rules -%}
        {%- set of_join = '(?<!\\w)' ~ join.alias ~ '__(\\w+)' -%}
        {%- for column in modules.re.findall(of_join, rule.passes) -%}
            {%- if column not in seen + ['is_there'] -%}{%- do seen.append(column) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(seen) }}
{%- endmacro %}
