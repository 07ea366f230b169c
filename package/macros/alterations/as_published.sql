{#-
    Relation of the rows of a mart as they were published: what was altered in it from outside
    since, and is not restored, is read as it was before.
-#}
{% macro as_published(name, mart) -%}
    {%- set alterations -%}
        {{ trustgate.bookkeeping('alterations') }} as alteration
        where alteration.layer = '{{ name }}' and alteration.restored_at is null
    {%- endset -%}
    (
        select *
        from {{ mart }} as mart
        where
            not (select exists (select 1 from {{ alterations }}))
            or to_jsonb(mart) not in (
                select alteration.after from {{ alterations }} and alteration.after is not null
            )
        union all
        select mart.*
        from (
            select alteration.before
            from {{ alterations }}
                and alteration.before is not null
                and not exists (
                    select 1
                    from {{ trustgate.bookkeeping('alterations') }} as earlier
                    where
                        earlier.layer = '{{ name }}'
                        and earlier.restored_at is null
                        and earlier.alteration_id < alteration.alteration_id
                        and earlier.after = alteration.before
                )
        ) as altered
        cross join lateral jsonb_populate_record(
            cast(null as {{ mart.include(database=false) }}), altered.before
        ) as mart
    )
{%- endmacro %}
