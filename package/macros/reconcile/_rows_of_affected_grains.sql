{#-
    SQL of the rows of one side whose grain is affected, through an index on the grain where there
    is one. Rows that lack a part of the grain are read separately, and only where such a grain is
    affected, since nothing equals NULL.
-#}
{% macro _rows_of_affected_grains(side, grain, names, name, dataset) -%}
{%- set columns, affected_columns = [], [] -%}
{%- for grain_name in names -%}
    {%- do columns.append(trustgate._grain_column(grain, grain_name, name)) -%}
    {%- do affected_columns.append('key_' ~ loop.index) -%}
{%- endfor -%}
{%- set rows_of_side -%}
select side.*
from {{ trustgate._side_from(side) }}
where {{ trustgate._side_condition(side, dataset) }}
{%- endset -%}
{{ rows_of_side }} and ({{ columns | join(', ') }}) in (select * from affected)
union all
{{ rows_of_side }}
    and ({{ columns | join(' is null or ') }} is null)
    and (
        select exists (
            select 1 from affected where {{ affected_columns | join(' is null or ') }} is null
        )
    )
{%- endmacro %}
