{#-
    The bundled seeds of an entity: mapping of datasets to the seed's name, `<dataset>_<entity>`.

    Source: the setting `bundled_datasets`, a mapping of datasets to the entities that have a seed.
    Raises: a compiler error where it is anything else.
-#}
{% macro bundled_seeds(entity) -%}
    {%- set bundled, seeds = trustgate.setting('bundled_datasets'), {} -%}
    {%- if bundled is not mapping -%}
        {{ exceptions.raise_compiler_error(
            "bundled_datasets is '" ~ bundled ~ "', allowed is a mapping of datasets to the "
            'entities that have a seed in them, such as {good: [refunds]}'
        ) }}
    {%- endif -%}
    {%- for dataset, entities in bundled.items() if entity in entities -%}
        {%- do seeds.update({dataset: dataset ~ '_' ~ entity}) -%}
    {%- endfor -%}
    {{ return(seeds) }}
{%- endmacro %}
