{#-
    SQL of the number of keys that both sides have, which a reconciliation that ignores orphans
    reports as compared. Where `adjusts`, it is the earlier number, less the
    pairs that affected keys made before, plus those they make now; else all rows of both sides are
    counted.

    Needs the CTEs `source` and `target`, and where `adjusts`, those of `sides_before`.
-#}
{% macro pair_count(source, target, keys, dataset, adjusts) -%}
{%- set all_pairs -%}
    select count(*)
    from (
        select {{ '' if source.get('is_unique') else 'distinct ' -}}
            {% for key in keys -%}
                {{ trustgate.side_column(source, key) }} as key_{{ loop.index }}
                {{- ', ' if not loop.last }}
            {%- endfor %}
        from {{ trustgate.side_from(source) }}
        where
            {{ trustgate.side_condition(source, dataset) | indent(12) }}
            and {{ trustgate.has_key(source, keys) }}
    ) as source
    where ({{ trustgate.key_names(keys) }}) in (
        select {{ trustgate.side_key(target, keys) }}
        from {{ trustgate.side_from(target) }}
        where
            {{ trustgate.side_condition(target, dataset) | indent(12) }}
            and {{ trustgate.has_key(target, keys) }}
    )
{%- endset -%}
{%- if not adjusts -%}
    {{ all_pairs }}
{%- else -%}
select case
    when
        earlier.compared is null
        {%- for entity in [source.entity, target.entity] | unique %}
        or current_setting('trustgate.is_reset_{{ entity }}')::boolean
        {%- endfor %}
        then (
            {{ all_pairs | indent(12) }}
        )
    else earlier.compared
        + ({{ trustgate._pairs_among('source', 'target', keys) }})
        - ({{ trustgate._pairs_among('source_before', 'target_before', keys) }})
end
from (
    select max(compared) as compared
    from {{ this }}
    where is_summary and dataset = {{ trustgate.literal(dataset) }}
) as earlier
{%- endif -%}
{%- endmacro %}


{#- SQL of the number of keys that two CTEs share; a set operation is never a nested loop. -#}
{% macro _pairs_among(source_name, target_name, keys) -%}
    select count(*) from (
        select {{ trustgate.key_names(keys) }} from {{ source_name }}
        intersect
        select {{ trustgate.key_names(keys) }} from {{ target_name }}
    ) as pairs
{%- endmacro %}
