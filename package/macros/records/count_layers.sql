{#-
    Statements before a model that reads `layer_totals` or `rule_totals`: count the layers whose totals are not
    those of the table that stands: it was built anew, or never counted. What increments change is added
    by `converge` itself. Of raw, which only grows, the batches not yet counted are.

    Args:
        kinds: list of `raw`, `base`, `candidate`: which layers.
        again: whether to count what was counted as well; raw's checksums are then made anew of what raw
            holds. Totals that are found as they were are not written.
        entities: of which entities; every registered one where not given.
-#}
{% macro count_layers(kinds, again=false, entities=none) -%}
    set local parallel_tuple_cost = 0;
    set local parallel_setup_cost = 0;
    {% for kind in ['raw', 'base', 'candidate'] if kind in kinds -%}
    {%- for entity in (entities if entities is not none else trustgate.setting('entities')) | sort -%}
        {%- set name = trustgate._layer_of(kind, entity) -%}
        {%- do [trustgate.project_ref(name), trustgate.project_ref('raw_' ~ entity)] -%}
        {%- if execute -%}
            {%- set counted = trustgate.counted_layer(name) -%}
            {{ trustgate._count_new_batches(counted) if kind == 'raw' and not again else trustgate._count_again(counted, again) }};
        {%- endif %}
    {% endfor -%}
    {%- endfor -%}
{%- endmacro %}


{#- Statement that counts the batches of raw that have no totals. -#}
{% macro _count_new_batches(counted) -%}
    {%- set raw = trustgate.project_ref(counted.name) -%}
    {%- set uncounted -%}
        array(
            {{ trustgate._batches_of(raw) | indent(12) }}
            and raw_batches._batch_id not in (select batch_id from {{ trustgate.bookkeeping('layer_totals') }} where layer = '{{ counted.name }}')
        )
    {%- endset -%}
    do $count$
    declare
        batches text[] := {{ uncounted | indent(8) }};
    begin
        if batches <> '{}' then
            perform {{ trustgate.lock_model(raw) | indent(12) }};
            perform set_config('trustgate.uncounted_batches', ({{ uncounted | indent(12) }})::text, true);
            {{ trustgate._find_totals(counted, "where layer._batch_id = any(current_setting('trustgate.uncounted_batches')::text[])") | indent(12) }}
            {{ trustgate._write_totals(counted) | indent(12) }}
        end if;
    end
    $count$
{%- endmacro %}


{#- Statement that counts a layer where its totals are of another table, and `again` in any case. -#}
{% macro _count_again(counted, again) -%}
    {%- set relation, rules = trustgate.project_ref(counted.name), trustgate.bookkeeping('rule_totals') -%}
    {%- set is_due -%}
        {{ 'true or ' if again }}not exists (
            select 1 from {{ trustgate.bookkeeping('layer_totals') }}
            where layer = '{{ counted.name }}' and relation = '{{ relation }}'::regclass::oid::bigint
        )
    {%- endset -%}
    do $count$
    begin
        if {{ is_due | indent(8) }} then
            perform {{ trustgate.lock_model(relation) | indent(12) }};
            {#- Another model may have counted meanwhile. #}
            if {{ is_due | indent(12) }} then
                {{ trustgate._find_totals(counted, '', again) | indent(16) }}
                {{ trustgate._delete_changed(trustgate.bookkeeping('layer_totals'), counted.name, ['relation'] + trustgate._total_groups() + trustgate._total_measures()) | indent(16) }}
                {{ trustgate._write_totals(counted) | indent(16) }}
                {%- if counted.kind == 'base' %}
                create temporary table {{ counted.name }}__found on commit drop as
                {{ trustgate._rules_broken(relation) | indent(16) }};
                {{ trustgate._delete_changed(rules, counted.name, ['dataset', 'batch_id', 'rule_id', 'record_count']) | indent(16) }}
                insert into {{ rules }} (layer, dataset, batch_id, rule_id, record_count)
                select '{{ counted.name }}', dataset, batch_id, rule_id, record_count from {{ counted.name }}__found;
                drop table {{ counted.name }}__found;
                {%- endif %}
            end if;
        end if;
    end
    $count$
{%- endmacro %}


{#- SQL of how many latest versions break each rule, by batch. -#}
{% macro _rules_broken(base) -%}
select layer._dataset as dataset, layer._batch_id as batch_id, broken.rule_id, count(*) as record_count
from {{ base }} as layer
cross join lateral jsonb_object_keys(layer._dq_details) as broken (rule_id)
where layer._is_latest and layer._dq_details is not null
group by 1, 2, 3
{%- endmacro %}


{#- Statement in plpgsql: of a layer found as it was before nothing is written, of another all is. -#}
{% macro _delete_changed(totals, layer, columns) -%}
    {%- set before = '(select ' ~ columns | join(', ') ~ ' from ' ~ totals ~ " where layer = '" ~ layer ~ "')" -%}
    {%- set found = '(select ' ~ columns | join(', ') ~ ' from ' ~ layer ~ '__found)' -%}
    if exists ({{ before }} except {{ found }}) or exists ({{ found }} except {{ before }}) then
        delete from {{ totals }} where layer = '{{ layer }}';
    else
        delete from {{ layer }}__found;
    end if;
{%- endmacro %}


{#- Statement that adds what was found to the totals. -#}
{% macro _write_totals(counted) -%}
    {%- set columns = (['relation'] + trustgate._total_groups() + trustgate._total_measures()) | join(', ') -%}
    insert into {{ trustgate.bookkeeping('layer_totals') }} (layer, {{ columns }})
    select '{{ counted.name }}', {{ columns }} from {{ counted.name }}__found;
    drop table {{ counted.name }}__found;
{%- endmacro %}
