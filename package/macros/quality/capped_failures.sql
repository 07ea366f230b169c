{#-
    CTEs `counted` (failures of each entity and check) and `kept` (those that get an exception of
    their own): at most `cap` of each check, first those that have one already, which are never
    dropped, then by record key. The others are only counted.

    Args: cap: exceptions for each check, a whole number from 1; failing: relation of everything
        that fails now; earlier: relation of the findings so far.
    Raises: a compiler error for another cap.
-#}
{% macro capped_failures(cap, failing, earlier) -%}
{%- set argument = 'cap (var exception_cap)' -%}
{%- do trustgate.validate_value('capped_failures', argument, cap, 'count_from_1') -%}
known as (
    select
        entity,
        record_key,
        check_id
    from {{ earlier }}
    where is_standing and not details ? 'beyond_cap'
),

marked as (
    select
        failing.*,
        known.record_key is not null as is_known
    from {{ failing }} as failing
    left join known
        on
            failing.record_key = known.record_key
            and failing.check_id = known.check_id
            and failing.entity = known.entity
),

counted as (
    select
        entity,
        check_id,
        count(*) as failing_count,
        count(*) filter (where is_known) as known_count
    from marked
    group by entity, check_id
),

kept as (
    select *
    from marked
    where
        is_known
        or (entity, check_id) in (
            select entity, check_id from counted where failing_count <= {{ cap }}
        )
    union all
    select first_ones.*
    from counted
    cross join lateral (
        select *
        from marked
        where
            marked.entity = counted.entity
            and marked.check_id = counted.check_id
            and not marked.is_known
        order by marked.record_key collate "C"
        limit greatest({{ cap }} - counted.known_count, 0)
    ) as first_ones
    where counted.failing_count > {{ cap }}
)
{%- endmacro %}
