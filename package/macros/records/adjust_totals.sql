{#-
    Statement of `converge`, before it writes: adds to the totals of a layer what its changes will make
    different. The rows they touch are counted as they stand (sign -1) and as they will (1), so that what
    is added is what is written. Of a table that was never counted nothing is: whoever reads its totals
    counts it first (`count_layers`).

    Of base, the fate of an older version depends on the others of its key. Keys that may have several are
    those of changes that are not the only latest version: of these all versions are counted.

    Args: relation: about to be written; changes: name of the temporary table; same_key: SQL condition
    on `existing` and `found`.
-#}
{% macro adjust_totals(counted, relation, changes, same_key) -%}
{%- set totals, rules = trustgate.bookkeeping('layer_totals'), trustgate.bookkeeping('rule_totals') -%}
{%- set groups, measures = trustgate._total_groups(), trustgate._total_measures() -%}
{%- set of_layer -%}layer = '{{ counted.name }}' and relation = '{{ relation }}'::regclass::oid::bigint{%- endset -%}
with

affected as (
    {{ (trustgate._affected_versions(counted, relation, changes) if counted.kind == 'base' else trustgate._affected_rows(counted, relation, changes, same_key)) | indent(4) }}
),

counted as (
    select
        layer._sign as sign,
        {{ 'layer._dq_details as details,' if counted.kind == 'base' }}
        {{ trustgate._counted_columns(counted) | indent(8) }}
    from affected as layer
    where (select exists (select 1 from {{ totals }} where {{ of_layer }}))
),

{#- The sums of each sign first: there are few of them to be multiplied. #}
difference as materialized (
    select
        {{ groups | join(', ') }},
        {%- for measure in measures %}
        sum(sign * {{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            sign,
            {{ groups | join(', ') }},
            {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        from counted
        group by sign, {{ groups | join(', ') }}
    ) as summed
    group by {{ groups | join(', ') }}
    having {% for measure in measures %}sum(sign * {{ measure }}) <> 0{{ ' or ' if not loop.last }}{% endfor %}
),

{% if counted.kind == 'base' -%}
rule_difference as materialized (
    select dataset, batch_id, rule_id, sum(sign) as record_count
    from counted
    cross join lateral jsonb_object_keys(details) as rule_id
    where is_latest and details is not null
    group by dataset, batch_id, rule_id
    having sum(sign) <> 0
),

rules_before as (
    delete from {{ rules }} where layer = '{{ counted.name }}' and batch_id in (select batch_id from rule_difference)
    returning dataset, batch_id, rule_id, record_count
),

rules_after as (
    insert into {{ rules }} (layer, dataset, batch_id, rule_id, record_count)
    select '{{ counted.name }}', dataset, batch_id, rule_id, sum(record_count)
    from (select * from rules_before union all select * from rule_difference) as added
    group by dataset, batch_id, rule_id
    having sum(record_count) <> 0
),

{% endif -%}
before as (
    delete from {{ totals }} where {{ of_layer }} and batch_id in (select batch_id from difference)
    returning {{ (groups + measures) | join(', ') }}
)

insert into {{ totals }} (layer, relation, {{ (groups + measures) | join(', ') }})
select
    '{{ counted.name }}',
    '{{ relation }}'::regclass::oid::bigint,
    {{ groups | join(', ') }},
    {%- for measure in measures %}
    sum({{ measure }}){{ ',' if not loop.last }}
    {%- endfor %}
from (select * from before union all select * from difference) as added
group by {{ groups | join(', ') }}
having {% for measure in measures %}sum({{ measure }}) <> 0{{ ' or ' if not loop.last }}{% endfor %};
{%- endmacro %}


{#- SQL of the rows of a candidate that changes touch, before and after. -#}
{% macro _affected_rows(counted, relation, changes, same_key) -%}
{%- set columns = ['_dataset', '_batch_id', '_worker_id', '_checksum'] + ([counted.amount] if counted.amount else []) -%}
select -1 as _sign, existing.{{ columns | join(', existing.') }}
from {{ relation }} as existing
inner join {{ changes }} as found on {{ same_key }}
where found._existed
union all
select 1, {{ columns | join(', ') }}
from {{ changes }}
where _is_kept
{%- endmacro %}


{#- SQL of the rows of base that changes touch or give another fate, before and after. -#}
{% macro _affected_versions(counted, base, changes) -%}
{%- set columns = trustgate._columns_counted(counted) -%}
{%- set keys -%}
    select distinct _dataset, _record_key from {{ changes }} where not (_is_latest and _version_number = 1)
{%- endset -%}
{%- set own_version -%}case when layer._dq_status <> 'FAILED' then layer._version_number end as _good_version{%- endset -%}
{%- set good_version -%}
    max(layer._version_number) filter (where layer._dq_status <> 'FAILED' and not layer._is_duplicate) over (partition by layer._record_key, layer._dataset)
{%- endset -%}
select -1 as _sign, layer.{{ columns | join(', layer.') }}, {{ own_version }}
from {{ base }} as layer
inner join {{ changes }} as found on layer._record_id = found._record_id
where found._existed and (found._dataset, found._record_key) not in ({{ keys }})
union all
select 1, layer.{{ columns | join(', layer.') }}, {{ own_version }}
from {{ changes }} as layer
where (layer._dataset, layer._record_key) not in ({{ keys }})
union all
select -1, layer.{{ columns | join(', layer.') }}, {{ good_version }}
from {{ base }} as layer
inner join ({{ keys }}) as several on layer._record_key = several._record_key and layer._dataset = several._dataset
union all
select 1, layer.{{ columns | join(', layer.') }}, {{ good_version }}
from (
    select layer.{{ columns | join(', layer.') }}
    from {{ base }} as layer
    inner join ({{ keys }}) as several on layer._record_key = several._record_key and layer._dataset = several._dataset
    where not exists (select 1 from {{ changes }} as found where found._record_id = layer._record_id)
    union all
    select {{ columns | join(', ') }}
    from {{ changes }}
    where (_dataset, _record_key) in ({{ keys }})
) as layer
{%- endmacro %}
