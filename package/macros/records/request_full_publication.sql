{#- Statement that records, once, that all rows of a candidate are to be published. -#}
{% macro request_full_publication(candidate) -%}
    insert into {{ trustgate.bookkeeping('candidate_changes') }} (candidate, record_key)
    select '{{ candidate }}', null
    where not exists (
        select 1
        from {{ trustgate.bookkeeping('candidate_changes') }}
        where candidate = '{{ candidate }}' and record_key is null
    )
{%- endmacro %}
