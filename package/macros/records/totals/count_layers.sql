{#-
    Statements before a model that reads `layer_totals` or `rule_totals`: they count the layers
    whose totals belong to an earlier table, because the layer was rebuilt, or that were never
    counted. `converge` itself adds what increments change. Of raw, which only grows, they count
    the batches not counted yet.

    Args:
        kinds: list of `raw`, `base`, `candidate`: which layers.
        again: whether to count counted layers too; raw's checksums are then computed again from
            what raw holds. Equal totals are not written.
        entities: of which entities; every registered one where not given.
-#}
{% macro count_layers(kinds, again=false, entities=none) -%}
    set local parallel_tuple_cost = 0;
    set local parallel_setup_cost = 0;
    {% for kind in ['raw', 'base', 'candidate'] if kind in kinds -%}
    {%- set counted_entities = trustgate.setting('entities') if entities is none else entities -%}
    {%- for entity in counted_entities | sort -%}
        {%- set name = trustgate.model_of_layer(kind, entity) -%}
        {%- do [trustgate.project_ref(name), trustgate.project_ref('raw_' ~ entity)] -%}
        {%- if execute -%}
            {%- set counted = trustgate.counted_layer(name) -%}
            {{ trustgate._count_new_batches(counted) if kind == 'raw' and not again
                else trustgate._count_again(counted, again) }};
        {%- endif %}
    {% endfor -%}
    {%- endfor -%}
{%- endmacro %}


{#- Statement that counts the batches of raw that have no totals. -#}
{% macro _count_new_batches(counted) -%}
    {%- set raw = trustgate.project_ref(counted.name) -%}
    {%- set uncounted -%}
        array(
            {{ trustgate.batches_of_raw(raw) | indent(12) }}
            and raw_batches._batch_id not in (
                select batch_id
                from {{ trustgate.bookkeeping('layer_totals') }}
                where layer = '{{ counted.name }}'
            )
        )
    {%- endset -%}
    do $count$
    declare
        batches text[] := {{ uncounted | indent(8) }};
    begin
        if batches <> '{}' then
            perform {{ trustgate.lock_model(raw) | indent(12) }};
            perform set_config(
                'trustgate.uncounted_batches', ({{ uncounted | indent(16) }})::text, true
            );
            {%- set condition -%}
                where layer._batch_id = any(
                    current_setting('trustgate.uncounted_batches')::text[]
                )
            {%- endset %}
            {{ trustgate.find_totals(counted, condition) | indent(12) }}
            {{ trustgate._write_totals(counted) | indent(12) }}
        end if;
    end
    $count$
{%- endmacro %}


{#- Statement that counts a layer whose totals are of an earlier table; any layer with `again`. -#}
{% macro _count_again(counted, again) -%}
    {%- set relation = trustgate.project_ref(counted.name) -%}
    {%- set totals = trustgate.bookkeeping('layer_totals') -%}
    {%- set rules = trustgate.bookkeeping('rule_totals') -%}
    {%- set columns = ['relation'] + trustgate.total_groups() + trustgate.total_measures() -%}
    {%- set rule_columns = ['dataset', 'batch_id', 'rule_id', 'record_count'] -%}
    {%- set is_due -%}
        {{ 'true or ' if again }}not exists (
            select 1
            from {{ totals }}
            where
                layer = '{{ counted.name }}'
                and relation = '{{ relation }}'::regclass::oid::bigint
        )
    {%- endset -%}
    do $count$
    begin
        if {{ is_due | indent(8) }} then
            perform {{ trustgate.lock_model(relation) | indent(12) }};
            {#- Another model may have counted it meanwhile. #}
            if {{ is_due | indent(12) }} then
                {{ trustgate.find_totals(counted, '', again) | indent(16) }}
                {{ trustgate._delete_changed(totals, counted.name, columns) | indent(16) }}
                {{ trustgate._write_totals(counted) | indent(16) }}
                {%- if counted.kind == 'base' %}
                create temporary table {{ counted.name }}__found on commit drop as
                {{ trustgate._rules_broken(relation) | indent(16) }};
                {{ trustgate._delete_changed(rules, counted.name, rule_columns) | indent(16) }}
                insert into {{ rules }} (layer, dataset, batch_id, rule_id, record_count)
                select '{{ counted.name }}', dataset, batch_id, rule_id, record_count
                from {{ counted.name }}__found;
                drop table {{ counted.name }}__found;
                {%- endif %}
            end if;
        end if;
    end
    $count$
{%- endmacro %}


{#- SQL of how many latest versions break each rule, by batch. -#}
{% macro _rules_broken(base) -%}
select
    layer._dataset as dataset,
    layer._batch_id as batch_id,
    broken.rule_id,
    count(*) as record_count
from {{ base }} as layer
cross join lateral jsonb_object_keys(layer._dq_details) as broken (rule_id)
where layer._is_latest and layer._dq_details is not null
group by 1, 2, 3
{%- endmacro %}


{#- PL/pgSQL that deletes the earlier totals of a layer; where they are equal, the new ones. -#}
{% macro _delete_changed(totals, layer, columns) -%}
    {%- set columns = columns | join(', ') -%}
    {%- set before -%}
        (select {{ columns }} from {{ totals }} where layer = '{{ layer }}')
    {%- endset -%}
    {%- set found -%}(select {{ columns }} from {{ layer }}__found){%- endset -%}
    if exists ({{ before }} except {{ found }}) or exists ({{ found }} except {{ before }}) then
        delete from {{ totals }} where layer = '{{ layer }}';
    else
        delete from {{ layer }}__found;
    end if;
{%- endmacro %}


{#- Statements that write the totals found. -#}
{% macro _write_totals(counted) -%}
    {%- set columns = (
        ['relation'] + trustgate.total_groups() + trustgate.total_measures()
    ) | join(', ') -%}
    insert into {{ trustgate.bookkeeping('layer_totals') }} (layer, {{ columns }})
    select '{{ counted.name }}', {{ columns }} from {{ counted.name }}__found;
    drop table {{ counted.name }}__found;
{%- endmacro %}
