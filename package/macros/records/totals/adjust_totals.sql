{#-
    Statement of `converge`, before it writes: adds to the totals of a layer the difference that its
    changes make. Affected rows are counted as they are (sign -1) and as they will be (1). A table
    never counted is left alone: models that read its totals count it first (`count_layers`).

    In base, the fate of a version depends on the other versions of its key. For changes that are
    not the only version of their key, all versions are counted.

    Args: changes: name of the temporary table; same_key: SQL condition on `existing` and `found`.
-#}
{% macro adjust_totals(counted, relation, changes, same_key) -%}
{%- set totals = trustgate.bookkeeping('layer_totals') -%}
{%- set rules = trustgate.bookkeeping('rule_totals') -%}
{%- set groups, measures = trustgate.total_groups(), trustgate.total_measures() -%}
{%- set oid = "'" ~ relation ~ "'::regclass::oid::bigint" -%}
{%- set of_layer = "layer = '" ~ counted.name ~ "' and relation = " ~ oid -%}
with

affected as (
    {{ trustgate._affected_versions(counted, relation, changes) if counted.kind == 'base'
        else trustgate._affected_rows(counted, relation, changes, same_key) }}
),

counted as (
    select
        layer._sign as sign,
        {{ 'layer._dq_details as details,' if counted.kind == 'base' }}
        {{ trustgate.counted_columns(counted) | indent(8) }}
    from affected as layer
    where (select exists (select 1 from {{ totals }} where {{ of_layer }}))
),

{#- Summed by sign first, so that few sums are multiplied. #}
difference as materialized (
    select
        {{ groups | join(', ') }},
        {%- for measure in measures %}
        sum(sign * {{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            sign, {{ groups | join(', ') }},
            {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        from counted
        group by sign, {{ groups | join(', ') }}
    ) as summed
    group by {{ groups | join(', ') }}
    having sum(sign * {{ measures | join(') <> 0 or sum(sign * ') }}) <> 0
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
    delete from {{ rules }}
    where layer = '{{ counted.name }}' and batch_id in (select batch_id from rule_difference)
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
    '{{ counted.name }}', {{ oid }}, {{ groups | join(', ') }},
    {%- for measure in measures %}
    sum({{ measure }}){{ ',' if not loop.last }}
    {%- endfor %}
from (select * from before union all select * from difference) as added
group by {{ groups | join(', ') }}
having sum({{ measures | join(') <> 0 or sum(') }}) <> 0;
{%- endmacro %}


{#- SQL of the rows of a candidate that changes affect, before and after. -#}
{% macro _affected_rows(counted, relation, changes, same_key) -%}
{%- set amount = [counted.amount] if counted.amount else [] -%}
{%- set columns = ['_dataset', '_batch_id', '_worker_id', '_checksum'] + amount -%}
select -1 as _sign, existing.{{ columns | join(', existing.') }}
from {{ relation }} as existing
inner join {{ changes }} as found on {{ same_key }}
where found._existed
union all
select 1, {{ columns | join(', ') }}
from {{ changes }} where _is_kept
{%- endmacro %}


{#- SQL of the rows of base that changes affect or give another fate, before and after. -#}
{% macro _affected_versions(counted, base, changes) -%}
{%- set columns = trustgate.columns_to_count(counted) -%}
{%- set keys -%}
    select distinct _dataset, _record_key from {{ changes }}
    where not (_is_latest and _version_number = 1)
{%- endset -%}
{%- set join_several -%}
    inner join ({{ keys }}) as several
        on layer._record_key = several._record_key and layer._dataset = several._dataset
{%- endset -%}
{%- set own_version = "case when layer._dq_status <> 'FAILED' then layer._version_number end" -%}
{%- set good_version -%}
    max(layer._version_number) filter (
        where layer._dq_status <> 'FAILED' and not layer._is_duplicate
    ) over (partition by layer._record_key, layer._dataset)
{%- endset -%}
select -1 as _sign, layer.{{ columns | join(', layer.') }}, {{ own_version }} as _good_version
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
{{ join_several }}
union all
select 1, layer.{{ columns | join(', layer.') }}, {{ good_version }}
from (
    select layer.{{ columns | join(', layer.') }}
    from {{ base }} as layer
    {{ join_several | indent(4) }}
    where not exists (select 1 from {{ changes }} as new where new._record_id = layer._record_id)
    union all
    select {{ columns | join(', ') }} from {{ changes }}
    where (_dataset, _record_key) in ({{ keys }})
) as layer
{%- endmacro %}
