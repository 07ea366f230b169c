{#- Pre-hook of every candidate: when it is built anew, the marts must look at all of it. -#}
{% macro note_rebuild() -%}
    {#- What `converge` needs is known to dbt while it parses. #}
    {%- if not execute -%}{%- do [trustgate.bookkeeping('layer_totals'), trustgate.bookkeeping('rule_totals')] -%}{%- endif -%}
    {%- if not is_incremental() -%}{{ trustgate._note_whole(model.name) }}{%- endif -%}
{%- endmacro %}


{#- Statement that notes, once, that all of a candidate waits to be published. -#}
{% macro _note_whole(candidate) -%}
    insert into {{ trustgate.bookkeeping('candidate_changes') }} (candidate, record_key)
    select '{{ candidate }}', null
    where not exists (
        select 1 from {{ trustgate.bookkeeping('candidate_changes') }} where candidate = '{{ candidate }}' and record_key is null
    )
{%- endmacro %}
