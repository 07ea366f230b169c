{#-
    Statements that begin the transaction of a layer. They compute what its select works on, and
    pass it on as settings of the transaction, which the planner reads as constants, or as temporary
    tables.
-#}
{% macro begin_layer(kind) -%}
    {%- set layer = model.config.meta.layer -%}
    {%- set dataset = trustgate.active_dataset() -%}
    {%- if kind == 'raw' and trustgate.is_increment() -%}
        {{ trustgate.restore_raw(layer.entities[0]) }};
    {%- elif kind == 'base' -%}
        {{ trustgate.begin_evaluation(layer.entities[0]) }}
        {%- if trustgate.is_increment() %}
        {%- if trustgate.is_deep() %}
        {{ trustgate.compare_raw(layer.entities[0]) }};
        {%- endif %}
        {{ trustgate.restore_base(layer.entities[0]) }};
        {%- endif %}
        {%- for parent in layer.parents %}
        {{ trustgate.begin_increment(parent) }};
        {%- endfor %}
    {%- elif kind == 'candidate' -%}
        {%- for entity in layer.entities %}
        {{ trustgate.begin_increment(entity, trustgate.upstream_layers(entity), dataset) }};
        {%- endfor %}
        {%- if trustgate.is_increment() %}
        {{ trustgate.restore_candidate(layer.entities, trustgate.key_of_layer(kind)) }};
        {{ trustgate._candidate_scope(layer) }}
        {%- else %}
        {{ trustgate.request_full_publication(trustgate.model_name()) }};
        {%- endif -%}
    {%- elif kind == 'reconciliation' -%}
        {{ trustgate.begin_reconciliation() }}
    {%- elif kind in ('results', 'scores', 'findings') -%}
        {%- for entity in trustgate.setting('entities') %}
        {{ trustgate.begin_increment(entity, [], '*' if kind == 'results' else dataset) }};
        {%- endfor %}
        {%- if kind == 'scores' %}
        {{ trustgate.count_layers(['base']) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{#-
    Statements that stage the keys of a candidate which changes may affect, in `<model>__scope`.
    Temporary tables, because the planner knows how many rows they hold: it uses indexes for the few
    keys of an increment, and whole tables for the many of a first load.
-#}
{% macro _candidate_scope(layer) -%}
    {%- set name = trustgate.model_name() -%}
    {%- set keys, records = layer['key'].values() | join(', '), [] -%}
    set local random_page_cost = 1.1;
    {%- for entity, column in layer.follows.items() %}
    create temporary table {{ name }}__changed_{{ entity }} on commit drop as
    select distinct {{ column }}
    from (
        {{ trustgate.changed_records(entity) | indent(8) }}
    ) as changed;
    analyze {{ name }}__changed_{{ entity }};
    {%- endfor %}
    create temporary table {{ name }}__scope on commit drop as
    select *
    from (
        select {{ trustgate._named_key(layer['key']) }}
        from (
            {{ trustgate.changed_records(layer.of) | indent(12) }}
        ) as changed
        {%- for entity, column in layer.follows.items() %}
        union
        select {{ trustgate._named_key(layer['key']) }}
        from {{ ref('base_' ~ layer.of) }}
        where
            _dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
            and {{ trustgate.lookup_column(layer.of, column) }} in (
                select {{ column }} from {{ name }}__changed_{{ entity }}
            )
        {%- endfor %}
        union
        select {{ layer['key'] | join(', ') }}
        from {{ this }}
        where {{ trustgate.is_reset(layer.entities) }}
    ) as affected
    where {{ layer['key'] | join(' is not null and ') }} is not null;
    {%- if trustgate.is_deep() %}
    {#- Everything is compared; changes of other keys than these were not made by the pipeline. #}
    create temporary table {{ name }}__due on commit drop as select * from {{ name }}__scope;
    insert into {{ name }}__scope
    select *
    from (
        select {{ trustgate._named_key(layer['key']) }}
        from {{ ref('base_' ~ layer.of) }}
        where _dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
        union
        select {{ layer['key'] | join(', ') }} from {{ this }}
    ) as every
    where {{ layer['key'] | join(' is not null and ') }} is not null
    except
    select * from {{ name }}__scope;
    {%- endif %}
    analyze {{ name }}__scope;
{%- endmacro %}


{#- SQL list of the columns of a key, each from its expression. -#}
{% macro _named_key(key) -%}
    {%- for column, expression in key.items() -%}
        {{ expression if expression == column else expression ~ ' as ' ~ column }}
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
