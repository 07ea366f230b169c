{#-
    Statements that begin every reconciliation: the increments of the entities it follows, and
    counts of the layers whose totals it reads (`layer_totals`). They follow the model's `meta:
    reconciliation`.
-#}
{% macro begin_reconciliation() -%}
    {%- if execute and model.config.meta.get('reconciliation') -%}
        {%- set declared = model.config.meta.reconciliation -%}
        {%- set entities = trustgate.followed_entities(declared) -%}
        {%- for entity in entities -%}
            {{ trustgate.begin_increment(
                entity,
                trustgate.upstream_layers(entity),
                trustgate.active_dataset(),
                trustgate._declared_text(declared),
            ) }};
        {%- endfor -%}
        {#- A key may come from records of any entity: where one is compared in full, all are. #}
        {%- if entities | length > 1 %}
            select
                {%- for entity in entities %}
                set_config('trustgate.from_{{ entity }}', '0', true),
                set_config('trustgate.is_reset_{{ entity }}', 'true', true)
                {{- ',' if not loop.last }}
                {%- endfor %}
            where {{ trustgate.is_reset(entities) }};
        {%- endif -%}
        {%- if declared.get('chain') -%}
            {#- A deep run counts once: the balance reads what the chain counted. #}
            {%- set again = trustgate.is_deep() and model.name == 'recon_chain' -%}
            {{ trustgate.count_layers(['raw', 'base', 'candidate'], again=again) }}
        {%- elif trustgate.compares_affected_keys(declared.source, declared.target) -%}
            {#- Rows are read by key, and the few pages that changes touch are mostly in memory. #}
            set local random_page_cost = 1.1;
            {{ trustgate._count_sides(declared) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{#-
    Declaration of a reconciliation as text: where it changes, everything is compared again. How
    records of raw are read is known when SQL is rendered, but not while dbt parses, when `meta:
    reconciliation` is set.
-#}
{% macro _declared_text(declared) -%}
    {%- set read = [] -%}
    {%- for side in trustgate.followed_sides(declared) if side.get('entity') -%}
        {%- if side.relation == 'raw_' ~ side.entity -%}
            {%- do read.append(trustgate.reconciliation_side(side.relation).columns) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tojson([declared, read], sort_keys=true)) }}
{%- endmacro %}


{#-
    Statements that count the layers whose totals give the sides' numbers of rows, in one call, so
    that they are locked in the same order everywhere.
-#}
{% macro _count_sides(declared) -%}
    {%- set kinds, entities = [], [] -%}
    {%- for side in (declared.source, declared.target) if trustgate.layer_counted(side) -%}
        {%- do kinds.append(trustgate.counted_layer(trustgate.layer_counted(side)).kind) -%}
        {%- do entities.append(side.entity) -%}
    {%- endfor -%}
    {%- if kinds -%}
        {{ trustgate.count_layers(kinds, entities=entities | unique | list) }}
    {%- endif -%}
{%- endmacro %}
