{#-
    SQL of a reconciliation of two sides, row by row: the keys that do not match, and one summary
    row with the number of rows on both sides. Matched rows are counted, not stored. One join
    compares and counts; a search for repeated keys follows only where its counts show any.

    Args:
        source, target: a model's name (see `reconciliation_side`), or a mapping of a side's rows:
            relation: name of a model. The key of `raw_<entity>` is `_record_key`.
            entity: its verdicts show which keys changed; without it every run compares in full.
            records: `received`, `latest`, `promotable` or `all` (default), see `side_condition`.
            where: SQL condition on its rows.
            columns: mapping of names to SQL, for columns that the relation does not have. With a
                key among them, every run compares in full, because base does not have it either.
            many: true where several rows may have one key; they count as one.
            aggregate: mapping of names to SQL aggregates, one value for each key; implies many.
            is_unique: true where its keys are known to be unique: no search for repeated ones.
        key: column, or list of columns, that both sides have.
        compare: mapping of compared columns (or list of names) to how they are compared:
            tolerance: `0.01` (absolute) or `0.5%` (of the source's value); normalise: list of trim,
            lower, upper, collapse_spaces; ignore_null: a NULL on either side is not compared.
        orphans: `report` keys that one side lacks (default), or `ignore` them.
        dataset: dataset compared, of sides with an entity or records; the active one by default.
    Status of a key: PARTIAL_MATCH (one compared column agrees, one differs), MISMATCHED (none
    agrees), SOURCE_ONLY, TARGET_ONLY, MULTIPLE_MATCHES (a side holds it more than once), NO_KEY (a
    part is NULL or blank). NULL equals NULL and differs from everything else, empty text too; 1.0
    equals 1.00; NaN equals NaN; spaces and case count unless normalised. `discrepancy` is target
    minus source of the first column with a tolerance.
-#}
{% macro reconcile_rows(
    source, target, key='_record_key', compare={}, orphans='report', dataset=none
) -%}
{%- set keys = [key] if key is string else key -%}
{%- set source = trustgate.reconciliation_side(source, keys) -%}
{%- set target = trustgate.reconciliation_side(target, keys) -%}
{{ trustgate.configure_reconciliation({
    'source': source, 'target': target, 'key': keys, 'compare': compare, 'orphans': orphans,
}) }}
{%- set here, dataset = 'reconcile_rows in ' ~ model.name, dataset or trustgate.active_dataset() -%}
{%- do trustgate.validate(here, 'reconcile_rows', {'orphans': orphans}) -%}
{%- set compared = trustgate.compared_columns(here, compare) -%}
{%- set sides = {'source': source, 'target': target} -%}
{%- do trustgate._validate_sides(here, sides, keys, compared) -%}
{%- set is_partial = trustgate.compares_affected_keys(source, target, keys) -%}
{%- set searched = trustgate.sides_that_may_repeat(source, target) -%}
{#- The pairs before are known of stg only, whose rows follow from those of base. #}
{%- set adjusts_count = is_partial and (source.relation, target.relation)
    == ('stg_' ~ source.entity, 'stg_' ~ target.entity) -%}
{%- do trustgate.reconciliation_needs(source, target) -%}
with

{% if is_partial -%}
affected as (
    {{ trustgate.affected_values(source, keys, dataset) }}
    union
    {{ trustgate.affected_values(target, keys, dataset) }}
),

{% endif -%}
{%- for name, side in sides.items() %}
{{ name }} as not materialized (
    {{ trustgate.side_rows(side, keys, compared, dataset, is_partial) | indent(4) }}
),
{% endfor %}
{{ trustgate.compared_pairs(sides, keys, compared, orphans, searched, is_partial) }},

{% if orphans == 'ignore' and adjusts_count -%}
{{ trustgate.sides_before(sides, keys, dataset) }}

{% endif -%}
{% if orphans == 'report' or searched -%}
{{ trustgate.counted_sides(sides, keys, dataset, is_partial) }}

{% endif -%}
{%- if searched -%}
{{ trustgate.repeated_keys(source, target, keys, searched, is_partial) }},

{% endif -%}
{% if orphans == 'report' -%}
{{ trustgate.keyless_rows(sides, keys, dataset) }},

{% endif -%}
mismatches as (
    select
        differing.record_key, batch_id, match_status, field_comparisons, mismatched_fields,
        discrepancy, differing.source_count, differing.target_count
    from (
        select * from differing
        {%- if orphans == 'ignore' %}
        where match_status not in ('SOURCE_ONLY', 'TARGET_ONLY')
        {%- endif %}
    ) as differing
    {%- if searched %}
    full outer join repeated_keys using ({{ trustgate.key_names(keys) }})
    where repeated_keys.key_1 is null
    {%- endif %}
    {%- if orphans == 'report' %}
    union all
    select * from keyless
    where (select keyless_count from source_counted) > 0
        or (select keyless_count from target_counted) > 0
    {%- endif %}
    {%- if searched %}
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
    from repeated_keys
    {%- endif %}
),

counted as (
    {%- if orphans == 'report' %}
    select
        source_counted.row_count as source_count,
        target_counted.row_count as target_count,
        null::bigint as compared
    from source_counted cross join target_counted
    {%- else %}
    select
        null::bigint as source_count,
        null::bigint as target_count,
        ({{ trustgate.pair_count(source, target, keys, dataset, adjusts_count) }}) as compared
    {%- endif %}
),

{{ trustgate.reconciliation_result('rows', dataset, is_partial, keys) }}
{%- endmacro %}


{#- Raises where a side is misdeclared, or groups rows without an aggregate to compare. -#}
{% macro _validate_sides(here, sides, keys, compared) -%}
    {%- for name, side in sides.items() -%}
        {%- do trustgate.validate(here, 'side_of_rows', side) -%}
        {%- set aggregates = (side.get('aggregate') or {}) | list -%}
        {%- set known = keys + aggregates + (side.get('columns') or {}) | list -%}
        {%- for column in compared if trustgate.is_grouped(side) and column.name not in known -%}
            {{ exceptions.raise_compiler_error(
                here ~ ', column ' ~ column.name ~ ': several rows of the ' ~ name
                ~ ' may carry a key, so that aggregate must say what is compared; it has '
                ~ (aggregates | join(', ') or 'none')
            ) }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
