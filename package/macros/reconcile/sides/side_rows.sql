{#-
    SQL of the rows of one side that have a key: the compared columns, `key_1`, …, `_of_batch` where
    the batch is known, and `_row_count` where several rows may have one key. No more, because all
    of it goes through the hash table of the join. A compared column may be called `batch_id`.
-#}
{% macro side_rows(side, keys, compared, dataset, is_partial) -%}
select
    {%- if trustgate.knows_batch(side) %}
    side._batch_id as _of_batch,
    {%- endif %}
    {%- if trustgate.is_grouped(side) %}
    count(*) as _row_count,
    {%- endif %}
    {%- for column in compared %}
    {%- set value = trustgate.side_column(side, column.name) %}
    {{ trustgate._normalised(value, column.normalise) }} as {{ column.name }},
    {%- endfor %}
    {%- for key in keys %}
    {{ trustgate.side_column(side, key) }} as key_{{ loop.index }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ trustgate.side_from(side) }}
where
    {{ trustgate.side_condition(side, dataset) | indent(4) }}
    and {{ trustgate.has_key(side, keys) }}
    {%- if is_partial %}
    and ({{ trustgate.side_lookup(side, keys) }}) in (
        select {{ trustgate.key_names(keys) }} from affected
    )
    {%- endif %}
{%- if trustgate.is_grouped(side) %}
group by {{ trustgate.side_key(side, keys) }}
{%- endif %}
{%- endmacro %}


{#- SQL of a value with its normalisers applied, in the order given. -#}
{% macro _normalised(value, normalisers) -%}
    {%- set written = namespace(sql=value) -%}
    {%- for name in normalisers -%}
        {%- if name == 'collapse_spaces' -%}
            {%- set space = "e'[" ~ trustgate.white_space() ~ "]+'" -%}
            {%- set written.sql = 'regexp_replace(' ~ written.sql ~ ', ' ~ space ~ ", ' ', 'g')" -%}
        {%- elif name == 'trim' -%}
            {%- set written.sql = trustgate.trimmed(written.sql) -%}
        {%- else -%}
            {%- set written.sql = name ~ '(' ~ written.sql ~ ')' -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(written.sql) }}
{%- endmacro %}
