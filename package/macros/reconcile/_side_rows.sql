{#-
    SQL of the rows of one side that have a key: the compared columns, `key_1`, …, `_of_batch` where
    the batch is known, and `_row_count` where several rows may have one key. No more, because all
    of it goes through the hash table of the join. A compared column may be called `batch_id`.
-#}
{% macro _side_rows(side, keys, compared, dataset, is_partial) -%}
select
    {%- if trustgate._knows_batch(side) %}
    side._batch_id as _of_batch,
    {%- endif %}
    {%- if trustgate._is_grouped(side) %}
    count(*) as _row_count,
    {%- endif %}
    {%- for column in compared %}
    {%- set value = trustgate._column_of(side, column.name) %}
    {{ trustgate._normalised(value, column.normalise) }} as {{ column.name }},
    {%- endfor %}
    {%- for key in keys %}
    {{ trustgate._column_of(side, key) }} as key_{{ loop.index }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ trustgate._side_from(side) }}
where
    {{ trustgate._side_condition(side, dataset) | indent(4) }}
    and {{ trustgate._has_key(side, keys) }}
    {%- if is_partial %}
    and ({{ trustgate._side_lookup(side, keys) }}) in (
        select {{ trustgate._key_names(keys) }} from affected
    )
    {%- endif %}
{%- if trustgate._is_grouped(side) %}
group by {{ trustgate._side_key(side, keys) }}
{%- endif %}
{%- endmacro %}


{#- Whether a side has one row for all rows with the same key. -#}
{% macro _is_grouped(side) -%}
    {{ return(side.get('many', false) or side.get('aggregate') is not none) }}
{%- endmacro %}


{#- Whether the batch of a side's row is known. -#}
{% macro _knows_batch(side) -%}
    {{ return(side.get('entity') is not none and not trustgate._is_grouped(side)) }}
{%- endmacro %}


{#- SQL of the number of rows that a side's row represents; null where the side lacks the key. -#}
{% macro _rows_of_key(name, side) -%}
    {{ return(
        name ~ '._row_count' if trustgate._is_grouped(side)
        else '(' ~ name ~ '.key_1 is not null)::integer'
    ) }}
{%- endmacro %}


{#- SQL list of the key columns of a side. -#}
{% macro _side_key(side, keys) -%}
    {%- for key in keys -%}
        {{ trustgate._column_of(side, key) }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- SQL list of the columns to look rows of a side up by: indexed ones, where base has them. -#}
{% macro _side_lookup(side, keys) -%}
    {%- set is_of_base = side.get('entity')
        and side.relation in ('base_' ~ side.entity, 'stg_' ~ side.entity) -%}
    {%- set own = trustgate.record_columns(side.relation) -%}
    {%- if is_of_base and keys | length == 1 and keys[0] not in (side.get('columns') or {}) -%}
        side.{{ trustgate.lookup_column(side.entity, keys[0]) }}
    {%- elif keys == ['_record_key'] and own | length == 1
        and trustgate.lookup_column(side.entity, own[0]) == '_record_key' -%}
        side.{{ own[0] }}
    {%- else -%}
        {{ trustgate._side_key(side, keys) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL list of the names that key columns have within a reconciliation: key_1, key_2, … -#}
{% macro _key_names(keys) -%}
    {%- for key in keys -%}key_{{ loop.index }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}


{#- SQL of a column of a side: the relation's own, or as `columns` or `aggregate` define it. -#}
{% macro _column_of(side, name) -%}
    {{ return((side.get('aggregate') or {}).get(name) or (side.get('columns') or {}).get(name)
        or (trustgate._verdict_alias(side) if name == '_record_key' else 'side') ~ '.' ~ name) }}
{%- endmacro %}


{#-
    SQL condition: no part of the key is blank; null where one is NULL. For most keys the first byte
    decides, without trimming.
-#}
{% macro _has_key(side, keys) -%}
    (
    {%- for key in keys -%}
        {%- set text = trustgate._column_of(side, key) ~ '::text' -%}
        ({{ text }} collate "C" > '!' or btrim({{ text }}) <> ''){{ ' and ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}


{#- SQL condition: the row belongs to the side, and to the dataset. -#}
{% macro _side_condition(side, dataset) -%}
    {%- set records = side.get('records', 'all') -%}
    {%- set verdict = trustgate._verdict_alias(side) -%}
    {%- if side.get('entity') or side.get('records') -%}
    side._dataset = {{ trustgate.literal(dataset) }}
    {%- else -%}
    true
    {%- endif %}
    {%- if records == 'latest' %}
    and {{ verdict }}._is_latest
    {%- elif records == 'received' %}
    and not {{ verdict }}._is_duplicate
    {%- elif records == 'promotable' %}
    and {{ trustgate.is_promotable(verdict, trustgate.project_ref('base_' ~ side.entity)) }}
    {%- endif %}
    {%- if side.get('where') %}
    and ({{ side.where }})
    {%- endif %}
{%- endmacro %}


{#- SQL of a side's rows, after `from`; a condition may follow after `and`. -#}
{% macro _side_count(side, dataset) -%}
    {{ trustgate._side_from(side) }} where {{ trustgate._side_condition(side, dataset) }}
{%- endmacro %}


{#- SQL of what a side selects from; records of raw are joined with their `verdict` in base. -#}
{% macro _side_from(side) -%}
    {{ trustgate.project_ref(side.relation) }} as side
    {%- if trustgate._verdict_alias(side) == 'verdict' %}
    inner join {{ trustgate.project_ref('base_' ~ side.entity) }} as verdict
        on side._record_id = verdict._record_id
    {%- endif %}
{%- endmacro %}


{#- Alias of the rows with a side's verdict columns. -#}
{% macro _verdict_alias(side) -%}
    {{ return('verdict' if side.relation.startswith('raw_') and side.get('entity') else 'side') }}
{%- endmacro %}
