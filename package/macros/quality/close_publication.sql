{#- Post-hook of a mart: the changes it published are no longer waiting. -#}
{% macro close_publication(candidate) -%}
    delete from {{ trustgate.bookkeeping('candidate_changes') }}
    where candidate = '{{ candidate }}' and change_id <= current_setting('trustgate.publish_to')::bigint
{%- endmacro %}
