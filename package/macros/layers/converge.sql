{#-
    Statements that make a layer equal to the result of its select, like a merge with deletes: rows
    that differ are replaced, rows that are gone are deleted, unchanged rows are not written.

    Args:
        relation: of the layer; its name is that of its model.
        kind: of the layer.
        found: temporary table of the rows that the select returned.
        keys: columns that identify a row.
        columns: all columns, keys included.
        scope: temporary table of the keys that the select was evaluated for; a key without a row is
            deleted. None: `found` has a row for each key, and `keep_where` decides.
        keep_where: SQL condition on a row of `found`; a row that does not meet it is deleted.
    Columns that say when and in which run something was found (`stamp_columns`) are not compared.
    A candidate also records the keys that changed, for the mart to publish; base records before
    images. A layer with totals adjusts them.
-#}
{% macro converge(relation, kind, found, keys, columns, scope=none, keep_where='true') -%}
    {%- set changes = found.removesuffix('__rows') ~ '__changes' -%}
    {%- set counted = trustgate.counted_layer(trustgate.model_name()) if kind != 'mart' -%}
    {%- set is_base = kind == 'base' and counted -%}
    {%- set same_key -%}
        {% for key in keys -%}
            existing.{{ key }} = found.{{ key }}{{ ' and ' if not loop.last }}
        {%- endfor %}
    {%- endset -%}
    {#- Both tables are read by key, and the few pages that changes touch are mostly in memory. #}
    set local random_page_cost = 1.1;
    analyze {{ found }} ({{ keys | join(', ') }});
    create temporary table {{ changes }} on commit drop as
    {%- if scope %}
    {{ trustgate._changes_in_scope(relation, found, keys, columns, scope, same_key) | indent(4) }};
    {%- else %}
    {{ trustgate._changes_of_rows(relation, found, keys, columns, keep_where, same_key, is_base)
        | indent(4) }};
    {%- endif %}
    analyze {{ changes }} ({{ keys | join(', ') }}, _existed);
    {% if trustgate.is_deep() and kind in ('base', 'candidate', 'mart') -%}
    {{ trustgate.note_unexplained(relation, kind, found, changes, same_key, keys, columns)
        | indent(4) }}
    {% endif -%}
    {% if counted -%}
    {{ trustgate.adjust_totals(counted, relation, changes, same_key) | indent(4) }}
    {% endif -%}
    {% if is_base -%}
    {{ trustgate.record_before_images(counted.entity, changes) | indent(4) }}
    {% endif -%}
    delete from {{ relation }} as existing
    using {{ changes }} as found
    where found._existed and {{ same_key }};
    {% if kind == 'candidate' -%}
    insert into {{ trustgate.bookkeeping('candidate_changes') }} (candidate, record_key)
    select '{{ trustgate.model_name() }}', {{ trustgate.record_key(keys) }} from {{ changes }};
    {% endif -%}
    insert into {{ relation }} ({{ columns | map('tojson') | join(', ') }})
    select {{ columns | map('tojson') | join(', ') }} from {{ changes }}
    where _is_kept
{%- endmacro %}


{#- SQL of the rows to delete, insert or replace where each key of `scope` was evaluated. -#}
{% macro _changes_in_scope(relation, found, keys, columns, scope, same_key) -%}
select
    {%- for column in columns %}
    {%- if column in keys %}
    coalesce(found.{{ column }}, existing.{{ column }}) as {{ column }},
    {%- else %}
    found.{{ adapter.quote(column) }},
    {%- endif %}
    {%- endfor %}
    (found.{{ keys[0] }} is not null) as _is_kept,
    (existing.{{ keys[0] }} is not null) as _existed
from {{ found }} as found
full outer join (
    select *
    from {{ relation }}
    where ({{ keys | join(', ') }}) in (select {{ keys | join(', ') }} from {{ scope }})
) as existing on {{ same_key }}
where
    found.{{ keys[0] }} is null
    or existing.{{ keys[0] }} is null
    or {{ trustgate._differs(keys, columns) }}
{%- endmacro %}


{#- SQL of the rows to delete, insert or replace where `found` has a row for each key. -#}
{% macro _changes_of_rows(relation, found, keys, columns, keep_where, same_key, is_base) -%}
select
    found.*,
    {{ trustgate.before_image(columns) | indent(8) ~ ' as _before_image,' if is_base }}
    (existing.{{ keys[0] }} is not null) as _existed
from (select *, ({{ keep_where }}) as _is_kept from {{ found }}) as found
left join {{ relation }} as existing on {{ same_key }}
where
    found._is_kept <> (existing.{{ keys[0] }} is not null)
    or (found._is_kept and {{ trustgate._differs(keys, columns) }})
{%- endmacro %}


{#- SQL condition: a compared column of `existing` differs from `found`. -#}
{% macro _differs(keys, columns) -%}
    {%- set compared = columns | reject('in', keys + trustgate.stamp_columns()) | list -%}
    (
        {%- for column in compared -%}
            existing.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ) is distinct from (
        {%- for column in compared -%}
            found.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
