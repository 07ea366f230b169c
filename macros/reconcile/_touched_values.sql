{#-
    SQL of the key values of an entity's records whose verdicts changed, in any of their versions; of a record
    that was ever corrected also those it had before: as received, and by each correction.
-#}
{% macro _touched_values(side, keys, dataset) -%}
    {%- set base = ref('base_' ~ side.entity) -%}
    {%- set of_window -%}
        side._dataset = {{ trustgate.literal(dataset) }} and {{ trustgate.in_window(side.entity, 'side') }}
    {%- endset -%}
    {%- set correctable = keys | reject('equalto', '_record_key') | list -%}
    select {% for key in keys %}side.{{ key }} as key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ base }} as side
    where {{ of_window }}
    {%- if correctable %}
    union
    select {% for key in keys %}{{ 'values_' ~ loop.index ~ '.value' if key in correctable else 'side.' ~ key }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ base }} as side
    inner join (
        select distinct record_id from {{ ref('corrections') }} where entity = '{{ side.entity }}' and field in ('{{ correctable | join("', '") }}')
    ) as corrected on side._record_id = corrected.record_id
    inner join {{ ref('raw_' ~ side.entity) }} as received on side._record_id = received._record_id
    {%- for key in keys if key in correctable %}
    {%- set type = trustgate.type_of_column('base_' ~ side.entity, key) %}
    {%- set format = trustgate.format_of(side.entity, key) %}
    cross join lateral (
        select side.{{ key }} as value
        union
        select {{ trustgate.parse('received.' ~ key, type, format) }}
        union
        select {{ trustgate.parse('corrections.new_value', type, format) }}
        from {{ ref('corrections') }} as corrections
        where corrections.record_id = side._record_id and corrections.field = '{{ key }}'
    ) as values_{{ keys.index(key) + 1 }}
    {%- endfor %}
    where {{ of_window }}
    {%- endif %}
{%- endmacro %}
