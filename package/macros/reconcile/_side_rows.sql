{#-
    SQL of the rows of one side that have a key: the compared columns, `key_1`, …, where it tells its batch
    `_of_batch`, and where several rows may carry a key `_row_count`. No more: all of it goes through the hash
    table of the join. A compared column may be called `batch_id`.
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
    {{ trustgate._normalised(trustgate._column_of(side, column.name), column.normalise) }} as {{ column.name }},
    {%- endfor %}
    {%- for key in keys %}
    {{ trustgate._column_of(side, key) }} as key_{{ loop.index }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ trustgate._side_from(side) }}
where
    {{ trustgate._side_condition(side, dataset) | indent(4) }}
    and {{ trustgate._has_key(side, keys) }}
    {%- if is_partial %}
    and ({{ trustgate._side_lookup(side, keys) }}) in (select {{ trustgate._key_names(keys) }} from affected)
    {%- endif %}
{%- if trustgate._is_grouped(side) %}
group by {{ trustgate._side_key(side, keys) }}
{%- endif %}
{%- endmacro %}


{#- Whether a side has one row for all rows that carry a key. -#}
{% macro _is_grouped(side) -%}
    {{ return(side.get('many', false) or side.get('aggregate') is not none) }}
{%- endmacro %}


{#- Whether a row of a side tells the batch it came with. -#}
{% macro _knows_batch(side) -%}
    {{ return(side.get('entity') is not none and not trustgate._is_grouped(side)) }}
{%- endmacro %}


{#- SQL of the number of rows that a row of a side stands for; null where the side lacks the key. -#}
{% macro _rows_of_key(name, side) -%}
    {{ return(name ~ '._row_count' if trustgate._is_grouped(side) else '(' ~ name ~ '.key_1 is not null)::integer') }}
{%- endmacro %}


{#- SQL list of the key columns of a side. -#}
{% macro _side_key(side, keys) -%}
    {%- for key in keys -%}{{ trustgate._column_of(side, key) }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}


{#- SQL list of the columns by which rows of a side are found for given keys: through an index, where base has one. -#}
{% macro _side_lookup(side, keys) -%}
    {%- set is_of_base = side.get('entity') and side.relation in ('base_' ~ side.entity, 'stg_' ~ side.entity) -%}
    {%- if is_of_base and keys | length == 1 and keys[0] not in (side.get('columns') or {}) -%}
        side.{{ trustgate.lookup_column(side.entity, keys[0]) }}
    {%- elif keys == ['_record_key'] and trustgate.record_columns(side.relation) | length == 1
        and trustgate.lookup_column(side.entity, trustgate.record_columns(side.relation)[0]) == '_record_key' -%}
        side.{{ trustgate.record_columns(side.relation)[0] }}
    {%- else -%}
        {{ trustgate._side_key(side, keys) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL list of the names that key columns have within a reconciliation: key_1, key_2, … -#}
{% macro _key_names(keys) -%}
    {%- for key in keys -%}key_{{ loop.index }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}


{#- SQL of a column of a side: the relation's own, or as `columns` or `aggregate` say. -#}
{% macro _column_of(side, name) -%}
    {{ return((side.get('aggregate') or {}).get(name) or (side.get('columns') or {}).get(name)
        or (trustgate._verdict_alias(side) if name == '_record_key' else 'side') ~ '.' ~ name) }}
{%- endmacro %}


{#- SQL condition: no part of the key is blank; null where one is NULL. Most keys are told by their first byte, without trimming. -#}
{% macro _has_key(side, keys) -%}
    (
    {%- for key in keys -%}
        {%- set text = trustgate._column_of(side, key) ~ '::text' -%}
        ({{ text }} collate "C" > '!' or btrim({{ text }}) <> ''){{ ' and ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}


{#- SQL of the key of a side as one text; a NULL part is empty text: both make the key empty, and no other key reads so. -#}
{% macro _encoded_key(side, keys) -%}
    {%- set parts = [] -%}
    {%- for key in keys -%}{%- do parts.append("coalesce(" ~ trustgate._column_of(side, key) ~ "::text, '')") -%}{%- endfor -%}
    {{ return(trustgate.record_key(parts)) }}
{%- endmacro %}


{#- SQL condition: the row is one that the side means, of the dataset. -#}
{% macro _side_condition(side, dataset) -%}
    {%- set records = side.get('records', 'all') -%}
    {%- set verdict = trustgate._verdict_alias(side) -%}
    {%- if side.get('entity') or side.get('records') %}side._dataset = {{ trustgate.literal(dataset) }}{% else %}true{% endif %}
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


{#- SQL relation of the rows a side means, to be counted; of its keys where several rows may carry one. -#}
{% macro _side_count(side, dataset) -%}
    {{ trustgate._side_from(side) }} where {{ trustgate._side_condition(side, dataset) }}
{%- endmacro %}


{#- SQL of what a side selects from; records of raw stand beside their verdict in base, as `verdict`. -#}
{% macro _side_from(side) -%}
    {{ trustgate.project_ref(side.relation) }} as side
    {%- if trustgate._verdict_alias(side) == 'verdict' %}
    inner join {{ trustgate.project_ref('base_' ~ side.entity) }} as verdict on side._record_id = verdict._record_id
    {%- endif %}
{%- endmacro %}


{#- Alias of the rows that carry a side's verdict columns. -#}
{% macro _verdict_alias(side) -%}
    {{ return('verdict' if side.relation.startswith('raw_') and side.get('entity') else 'side') }}
{%- endmacro %}
