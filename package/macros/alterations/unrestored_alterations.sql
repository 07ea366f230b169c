{#-
    SQL of the alterations of raw, base and candidates that are not restored, of the active dataset.
-#}
{% macro unrestored_alterations() -%}
    select *
    from {{ trustgate.bookkeeping('alterations') }}
    where
        restored_at is null
        and layer ~ '^(raw|base|candidate)_'
        and coalesce(dataset, {{ trustgate.literal(trustgate.active_dataset()) }})
        = {{ trustgate.literal(trustgate.active_dataset()) }}
{%- endmacro %}
