{#-
    SQL of a reconciliation of two sides, row by row: the keys that do not match, and one summary row
    with the number of rows on both sides. Matched rows are counted, not stored.

    Args:
        source, target: mappings that say which rows a side means:
            relation: name of a model. Of `raw_<entity>`, the key is `_record_key`.
            entity: whose verdicts tell which keys changed; without it every run compares in full.
            records: `received`, `latest`, `promotable` or `all` (default), see `_side_condition`.
            where: SQL condition on its rows.
            columns: mapping of names to SQL, for columns the relation does not have as such.
            many: true where several rows may carry one key; they count as one.
            aggregate: mapping of names to SQL aggregates, one value for each key; implies many.
            is_unique: true where its keys are known to be unique, so that duplicates are not looked for.
        key: column, or list of columns, both sides have.
        compare: mapping of compared columns (or list of names) to how they are compared:
            tolerance: `0.01` (absolute) or `0.5%` (of the source's value); normalise: list of trim,
            lower, upper, collapse_spaces; ignore_null: a NULL on either side is not compared.
        orphans: `report` keys that one side lacks (default), or `ignore` them.
        dataset: the dataset compared; both sides must have `_dataset`, unless `none`.
    Status of a key: PARTIAL_MATCH (one compared column agrees, one differs), MISMATCHED (none agrees),
    SOURCE_ONLY, TARGET_ONLY, MULTIPLE_MATCHES (a side holds it more than once), NO_KEY (a part is NULL
    or blank). NULL equals NULL and differs from everything else, empty text too; 1.0 equals 1.00; NaN
    equals NaN; spaces and case count unless normalised. `discrepancy` is target minus source of the
    first column with a tolerance.
    Raises: a compiler error for a word that is not allowed or a tolerance that is no number.
-#}
{% macro reconcile_rows(source, target, key, compare={}, orphans='report', dataset=none) -%}
{%- set here = 'reconcile_rows in ' ~ model.name -%}
{%- do trustgate.refuse_unknown_word(here, 'orphans', orphans, ['report', 'ignore']) -%}
{%- set keys = [key] if key is string else key -%}
{%- set dataset = dataset or trustgate.active_dataset() -%}
{%- set compared = trustgate._compared_columns(here, compare) -%}
{%- set sides = {'source': source, 'target': target} -%}
{%- for side in sides.values() -%}
    {%- do trustgate.refuse_unknown_words(here, side, ['relation', 'entity', 'records', 'where', 'columns', 'many', 'aggregate', 'is_unique']) -%}
    {%- do trustgate.refuse_unknown_word(here, 'records', side.get('records', 'all'), ['all', 'received', 'latest', 'promotable']) -%}
{%- endfor -%}
{%- set is_partial = trustgate.compares_touched_keys(source, target) -%}
{#- What hooks need is known to dbt while it parses. #}
{%- do trustgate.reconciliation_needs(source, target) -%}
with

{% if is_partial -%}
touched as (
    {{ trustgate._touched_values(source, keys, dataset) }}
    union
    {{ trustgate._touched_values(target, keys, dataset) }}
),

{% endif -%}
{%- for name, side in sides.items() %}
{{ name }} as not materialized (
    {{ trustgate._side_rows(side, keys, compared, dataset, is_partial, trustgate._sides_that_may_repeat(source, target) | length > 0) | indent(4) }}
),
{% endfor %}
unmatched as (
    select
        coalesce(source.record_key, target.record_key) as record_key,
        source.batch_id,
        case
            when source.key_1 is null and target.key_1 is null then 'NO_KEY'
            when target.key_1 is null then 'SOURCE_ONLY'
            when source.key_1 is null then 'TARGET_ONLY'
            {%- if compared | length > 1 %}
            when {% for column in compared %}{{ column.same }}{{ ' or ' if not loop.last }}{% endfor %} then 'PARTIAL_MATCH'
            {%- endif %}
            else 'MISMATCHED'
        end as match_status,
        {%- if compared %}
        case when source.key_1 is not null and target.key_1 is not null then jsonb_build_object(
            {%- for column in compared %}
            '{{ column.name }}', jsonb_build_object('source', source.{{ column.name }}, 'target', target.{{ column.name }}, 'match', {{ column.same }}){{ trustgate._next_pair(loop) }}
            {%- endfor %}
        ) end as field_comparisons,
        case when source.key_1 is not null and target.key_1 is not null then array_remove(array[
            {%- for column in compared %}
            case when not {{ column.same }} then '{{ column.name }}' end{{ ',' if not loop.last }}
            {%- endfor %}
        ], null) end as mismatched_fields,
        {%- else %}
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        {%- endif %}
        {%- set measured = compared | selectattr('tolerance') | list %}
        ({{ 'target.' ~ measured[0].name ~ ' - source.' ~ measured[0].name if measured else 'null' }})::numeric as discrepancy,
        coalesce(source.row_count, 0) as source_count,
        coalesce(target.row_count, 0) as target_count
    from source
    {{ 'full outer' if orphans == 'report' else 'inner' }} join target on
        {% for key in keys %}source.key_{{ loop.index }} = target.key_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
    where
        {% for column in compared %}not {{ column.same }} or {% endfor -%}
        source.key_1 is null or target.key_1 is null
),

mismatches as (
    select * from unmatched where match_status <> 'NO_KEY'
    {%- if orphans == 'report' %}
    union all
    select
        record_key,
        min(batch_id) as batch_id,
        'NO_KEY' as match_status,
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        null::numeric as discrepancy,
        sum(source_count) as source_count,
        sum(target_count) as target_count
    from unmatched
    where match_status = 'NO_KEY'
    group by record_key
    {%- endif %}
    union all
    select
        record_key,
        null as batch_id,
        'MULTIPLE_MATCHES' as match_status,
        null::jsonb as field_comparisons,
        null::text[] as mismatched_fields,
        null::numeric as discrepancy,
        source_count,
        target_count
    from {{ ref('duplicate_keys') }}
    where reconciliation = '{{ model.name }}'
),

counted as (
    select
        (select count(*) from {{ trustgate._side_count(source, dataset) }}) as source_count,
        (select count(*) from {{ trustgate._side_count(target, dataset) }}) as target_count,
        {%- if orphans == 'ignore' %}
        ({{ trustgate._pairs_count(source, target, keys, dataset) | indent(8) }}) as compared
        {%- else %}
        null::bigint as compared
        {%- endif %}
),

{{ trustgate._reconciliation_result('rows', dataset, is_partial, keys) }}
{%- endmacro %}
