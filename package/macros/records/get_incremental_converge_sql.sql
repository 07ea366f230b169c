{#-
    Incremental strategy `converge`: the table comes to hold, for the keys that the model's SQL names,
    exactly the rows it gives. What is unchanged is not written.

    Config:
        unique_key: column or list that identifies a row.
        incremental_predicates: one condition on a row of the model's SQL; a row that does not meet it
            is a key without a row, which the table must not hold.
    Columns that say when and in which run something was found (`_stamp_columns`) make no difference.
    A candidate also notes the keys that changed, for the marts to publish; base what its records were before.
    A layer whose records are counted adjusts its totals.
-#}
{% macro get_incremental_converge_sql(arg_dict) -%}
    {%- set target_relation, found = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set keys = [arg_dict['unique_key']] if arg_dict['unique_key'] is string else arg_dict['unique_key'] -%}
    {%- set stands = (arg_dict['incremental_predicates'] or ['true'])[0] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='name') | list -%}
    {%- set compared = columns | reject('in', keys + trustgate._stamp_columns()) | list -%}
    {%- set counted = trustgate._counted_layer(model.name) -%}
    {%- set is_base = counted and counted.kind == 'base' -%}
    {%- set same_key -%}
        {% for key in keys %}standing.{{ key }} = found.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- endset -%}
    {#- Both tables are looked up by key: of as many pages as there are changes, most are in memory. #}
    set local random_page_cost = 1.1;
    analyze {{ found }} ({{ keys | join(', ') }});
    create temporary table {{ model.name }}__changes on commit drop as
    select
        found.*,
        {{ trustgate._former_record(columns) | indent(8) ~ ' as _former,' if is_base }}
        (standing.{{ keys[0] }} is not null) as _was_there
    from (select *, ({{ stands }}) as _stands from {{ found }}) as found
    left join {{ target_relation }} as standing on {{ same_key }}
    where
        found._stands <> (standing.{{ keys[0] }} is not null)
        or (found._stands and (
            {%- for column in compared %}standing.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
        ) is distinct from (
            {%- for column in compared %}found.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
        ));
    analyze {{ model.name }}__changes ({{ keys | join(', ') }}, _was_there);
    {% if counted -%}
    {{ trustgate._adjust_totals(counted, target_relation, model.name ~ '__changes', same_key) | indent(4) }}
    {% endif -%}
    {% if is_base -%}
    {{ trustgate._note_former_records(counted.entity, model.name ~ '__changes') | indent(4) }}
    {% endif -%}
    delete from {{ target_relation }} as standing
    using {{ model.name }}__changes as found
    where found._was_there and {{ same_key }};
    {% if model.config.meta.get('notes_changes') -%}
    insert into {{ trustgate.bookkeeping('candidate_changes') }} (candidate, record_key)
    select '{{ model.name }}', {{ trustgate.record_key(keys) }} from {{ model.name }}__changes;
    {% endif -%}
    insert into {{ target_relation }} ({{ columns | map('tojson') | join(', ') }})
    select {{ columns | map('tojson') | join(', ') }} from {{ model.name }}__changes
    where _stands
{%- endmacro %}


{#- Columns that say when something was found, not what. -#}
{% macro _stamp_columns() -%}
    {{ return([
        '_check_seq', '_checked_at', '_run_id', 'run_id', 'detected_at', 'checked_at', 'reconciled_at',
    ]) }}
{%- endmacro %}
