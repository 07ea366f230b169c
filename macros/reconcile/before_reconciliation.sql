{#-
    Pre-hook of every reconciliation: opens the windows of the entities it follows. Reads the model's
    `meta: reconciliation`.
-#}
{% macro before_reconciliation() -%}
    {%- if execute and model.config.meta.get('reconciliation') -%}
        {%- set declared = model.config.meta.reconciliation -%}
        {%- for entity in trustgate._followed_entities(declared) -%}
            {{ trustgate.open_window(entity, trustgate._layers_before(declared, entity), trustgate.active_dataset()) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#- Entities that a reconciliation follows, each once. -#}
{% macro _followed_entities(declared) -%}
    {%- set entities = [] -%}
    {%- for side in trustgate._followed(declared) if side.get('entity') -%}
        {%- if side.entity not in entities -%}{%- do entities.append(side.entity) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(entities) }}
{%- endmacro %}


{#- Layers between base and a reconciliation, for one entity: the sides that are neither raw nor base. -#}
{% macro _layers_before(declared, entity) -%}
    {%- set layers = [] -%}
    {%- for side in trustgate._followed(declared) if side.get('entity') == entity -%}
        {%- if side.relation not in ('raw_' ~ entity, 'base_' ~ entity) -%}{%- do layers.append(side.relation) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(layers) }}
{%- endmacro %}


{#- What a reconciliation follows: its two sides, or the layers of a chain. -#}
{% macro _followed(declared) -%}
    {{ return(declared.get('chain') or [declared.source, declared.target]) }}
{%- endmacro %}
