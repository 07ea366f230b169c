{#-
    Statement of a candidate, before its keys are staged: where all of it is evaluated (`is_reset`,
    or a deep run), it deletes the rows that were altered, for the mart to publish what follows.
-#}
{% macro restore_candidate(entities, keys) -%}
    {%- set layer = trustgate.model_name() -%}
    do $restore$
    begin
        if {{ 'true' if trustgate.is_deep() else trustgate.is_reset(entities) }} and exists (
            {{ trustgate.open_alterations(layer) | indent(12) }}
        ) then
            create temporary table {{ layer }}__altered on commit drop as
            select distinct {{ keys | join(', ') }}
            from (
                {{ trustgate.altered_rows(layer, this) | indent(16) }}
            ) as altered;
            insert into {{ trustgate.bookkeeping('candidate_changes') }} (candidate, record_key)
            select '{{ layer }}', {{ trustgate.record_key(keys) }} from {{ layer }}__altered;
            delete from {{ this }} where ({{ keys | join(', ') }}) in (
                select {{ keys | join(', ') }} from {{ layer }}__altered
            );
            {{ trustgate.forget_totals(layer) | indent(12) }}
        end if;
    end
    $restore$
{%- endmacro %}
