"""SQL of the evidence; psycopg fills in the braces, quoted."""

COLUMNS = """
select attributes.attname as name, types.typname as type, types.typcategory as category
from pg_catalog.pg_attribute as attributes
inner join pg_catalog.pg_type as types on attributes.atttypid = types.oid
inner join pg_catalog.pg_class as relations on attributes.attrelid = relations.oid
inner join pg_catalog.pg_namespace as schemas on relations.relnamespace = schemas.oid
left join pg_catalog.pg_stats as stats
    on
        schemas.nspname = stats.schemaname
        and relations.relname = stats.tablename
        and attributes.attname = stats.attname
where
    schemas.nspname = %s
    and relations.relname = %s
    and attributes.attnum > 0
    and not attributes.attisdropped
    and (not starts_with(attributes.attname, '_') or attributes.attname = any(%s))
    and (types.typcategory in ('S', 'B', 'E', 'N', 'D'))
    and (
        stats.n_distinct is null
        or types.typcategory = 'D'
        or attributes.attname = any(%s)
        or case
            when stats.n_distinct < 0 then -stats.n_distinct * relations.reltuples
            else stats.n_distinct
        end <= %s
    )
order by attributes.attnum
"""

KNOWN_CHECKS = """
select
    known.check_id,
    known.known_count,
    known.is_capped,
    coalesce(seen.seen_count, 0) as seen_count
from (
    select
        check_id,
        count(*) filter (where not details ? 'beyond_cap') as known_count,
        bool_or(details ? 'beyond_cap') as is_capped
    from {exceptions}
    where dataset = %(dataset)s and entity = %(entity)s and check_id = any(%(checks)s)
    group by check_id
) as known
left join (
    select broken.check_id, count(*) as seen_count
    from looked_sample
    cross join lateral unnest(broken) as broken (check_id)
    group by broken.check_id
) as seen on known.check_id = seen.check_id
"""

TAKE_EXCEPTIONS = """
insert into looked_exceptions
select
    exceptions.check_id,
    exceptions.exception_type,
    exceptions.record_id,
    exceptions.record_key,
    exceptions.batch_id,
    exceptions.source_table
from {exceptions} as exceptions
inner join unnest(%(checks)s::text[], %(one_in)s::bigint[]) as chosen (check_id, one_in)
    on exceptions.check_id = chosen.check_id
where
    exceptions.dataset = %(dataset)s
    and exceptions.entity = %(entity)s
    and exceptions.check_id = any(%(checks)s)
    and mod(hashtextextended(exceptions.record_key, 0), chosen.one_in) = 0
"""

TAKE_FAILING = """
insert into looked_failing
select looked.check_id, version._record_id, {expressions}
from looked_exceptions as looked
inner join {base} as version on looked.record_id = version._record_id
{files}
union all
select looked.check_id, version._record_id, {expressions}
from looked_exceptions as looked
inner join {base} as version on looked.record_key = version._record_key
{files}
where looked.record_id is null and version._dataset = %(dataset)s and version._is_latest
union all
select looked.check_id, null, {rejected}
from looked_exceptions as looked
where looked.exception_type = 'LOAD_REJECT'
union all
select broken.check_id, record_id, {names}
from looked_sample
cross join lateral unnest(broken) as broken (check_id)
where broken.check_id = any(%(from_sample)s)
"""

STANDING_OUT = """
with
places (name, place) as (values {places}),

failing_records as (
    select * from looked_failing
    where (%(check)s::text is null or check_id = %(check)s) and {without}
),

sample as (select * from looked_sample where {without}),

checks as (
    select check_id, count(*) as failing_total
    from failing_records
    group by check_id
    having count(*) >= %(minimum)s
),

failing_ones as (
    select failing_records.check_id, traits.name, traits.value, count(*) as failing
    from failing_records
    inner join checks on failing_records.check_id = checks.check_id
    cross join lateral (values {pairs}) as traits (name, value)
    -- Of a line that never became a record no more is known.
    where failing_records.record_id is not null or traits.name in ('_batch_id', 'source_file')
    group by failing_records.check_id, traits.name, traits.value
),

sampled as (
    select traits.name, traits.value, count(*) as sampled
    from sample
    cross join lateral (values {pairs}) as traits (name, value)
    group by traits.name, traits.value
),

-- Records of the sample that fail the check themselves: they are no match for those that do.
overlapping as (
    select broken.check_id, sample.record_id
    from sample
    cross join lateral unnest(sample.broken) as broken (check_id)
    inner join checks on broken.check_id = checks.check_id
    union
    select failing_records.check_id, sample.record_id
    from failing_records
    inner join checks on failing_records.check_id = checks.check_id
    inner join sample on failing_records.record_id = sample.record_id
),

failing_sampled as (
    select overlapping.check_id, traits.name, traits.value, count(*) as overlap
    from overlapping
    inner join sample on overlapping.record_id = sample.record_id
    cross join lateral (values {pairs}) as traits (name, value)
    group by overlapping.check_id, traits.name, traits.value
),

-- Once a check: inlined, the sums would be made again for each value compared.
totals as materialized (
    select
        checks.check_id,
        checks.failing_total,
        (select count(*) from sample)
        - (select count(*) from overlapping where overlapping.check_id = checks.check_id)
            as passing_total
    from checks
),

-- A column with nearly as many values as records says nothing of kinds of records.
columns_compared as (
    select name
    from sampled
    group by name
    having count(*) <= greatest(20, sum(sampled) / 10)
),

-- The column of a rule differs where it fails: that is the finding, not the cause.
told_by_rule as (
    select rules.rule_id as check_id, places.name
    from {rules} as rules
    cross join places
    where
        rules.entity = %(entity)s
        and concat_ws(' ', rules.column_name, rules.expression)
        ~ ('\\m' || split_part(places.name, ' ', 1) || '\\M')
),

compared as (
    select
        totals.check_id,
        failing_ones.name,
        failing_ones.value,
        places.place,
        failing_ones.failing::float8 as failing,
        totals.failing_total::float8 as failing_total,
        (coalesce(sampled.sampled, 0) - coalesce(failing_sampled.overlap, 0))::float8 as passing,
        totals.passing_total::float8 as passing_total
    from failing_ones
    inner join totals on failing_ones.check_id = totals.check_id
    inner join places on failing_ones.name = places.name
    left join sampled
        on
            failing_ones.name = sampled.name
            and failing_ones.value is not distinct from sampled.value
    left join failing_sampled
        on
            failing_ones.check_id = failing_sampled.check_id
            and failing_ones.name = failing_sampled.name
            and failing_ones.value is not distinct from failing_sampled.value
    where
        failing_ones.name in (select name from columns_compared)
        and (failing_ones.check_id, failing_ones.name) not in (
            select check_id, name from told_by_rule
        )
        and totals.passing_total > 0
),

tried as (
    select count(*) * %(tried)s::float8 as tried
    from sampled
    where name in (select name from columns_compared)
),

shared as (
    select
        *,
        failing / failing_total as failing_share,
        passing / passing_total as passing_share,
        (failing + passing) / (failing_total + passing_total) as share
    from compared
),

-- n times the relative entropy, of each side against both together.
weighed as (
    select
        *,
        failing * ln(failing_share / share)
        + case
            when failing = failing_total then 0
            else (failing_total - failing) * ln((1 - failing_share) / (1 - share))
        end as failing_evidence,
        case when passing = 0 then 0 else passing * ln(passing_share / share) end
        + case
            when passing = passing_total then 0
            else (passing_total - passing) * ln((1 - passing_share) / (1 - share))
        end as passing_evidence
    from shared
    where
        failing >= %(minimum)s
        and failing_share >= %(share)s
        and failing_share >= %(lift)s * passing_share
),

evaluated as (
    select
        weighed.*,
        exp(greatest(
            least(ln(tried.tried) - greatest(failing_evidence, passing_evidence), 0), -700
        )) as chance
    from weighed
    cross join tried
),

ranked as (
    select
        *,
        row_number() over best_first as rank,
        first_value(failing) over best_first as best_failing,
        first_value(passing) over best_first as best_passing
    from evaluated
    where chance < %(chance)s
    window best_first as (
        partition by check_id
        order by round((failing_evidence + passing_evidence)::numeric, 6) desc, place, value
    )
)

select
    check_id,
    max(name) filter (where rank = 1) as name,
    max(value) filter (where rank = 1) as value,
    max(failing) filter (where rank = 1)::bigint as failing,
    max(failing_total)::bigint as failing_total,
    max(passing) filter (where rank = 1)::bigint as passing,
    max(passing_total)::bigint as passing_total,
    max(chance) filter (where rank = 1) as chance,
    coalesce(
        jsonb_agg(jsonb_build_array(name, value) order by rank) filter (
            where rank > 1 and failing = best_failing and passing = best_passing
        ),
        '[]'
    ) as same_records
from ranked
group by check_id
order by check_id
"""
