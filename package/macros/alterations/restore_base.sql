{#-
    Statement of base, after requests are served: where a user requested it, it prepares to restore
    base from raw. Altered rows are deleted, every record is evaluated again
    (`trustgate.evaluates_all_<entity>`), and every layer that follows starts again.

    In a deep run every record is evaluated again as well.
-#}
{% macro restore_base(entity) -%}
    {%- set layer = 'base_' ~ entity -%}
    do $restore$
    begin
        if {{ trustgate.is_restoring(entity) | indent(8) }}
        {%- if trustgate.is_deep() %}
            or exists (
                {{ trustgate.open_alterations(layer) | indent(16) }}
            )
        {%- endif %} then
            delete from {{ this }}
            where _record_id in (
                select _record_id
                from (
                    {{ trustgate.altered_rows(layer, this) | indent(20) }}
                ) as altered
            );
            {{ trustgate.forget_totals(layer) | indent(12) }}
            delete from {{ trustgate.bookkeeping('layer_progress') }}
            where entity = '{{ entity }}';
            perform set_config('trustgate.evaluates_all_{{ entity }}', 'true', true);
            perform set_config('trustgate.restores_{{ entity }}', 'true', true);
        {%- if trustgate.is_deep() %}
        else
            perform set_config('trustgate.evaluates_all_{{ entity }}', 'true', true);
        {%- endif %}
        end if;
    end
    $restore$
{%- endmacro %}
