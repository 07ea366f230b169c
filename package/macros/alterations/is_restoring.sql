{#-
    SQL condition: a user requested that the altered layers of an entity be restored, and no run has
    done it, or this one does.
-#}
{% macro is_restoring(entity) -%}
    exists (
        select 1
        from {{ trustgate.bookkeeping('reprocess_requests') }} as request
        where
            request.entity = '{{ entity }}'
            and request.scope = 'altered'
            and not exists (
                select 1
                from {{ trustgate.bookkeeping('served_requests') }} as earlier
                where earlier.request_id = request.request_id
                    and earlier.run_id <> '{{ invocation_id }}'
            )
    )
{%- endmacro %}
