{#-
    Configures the model of a reconciliation as a layer, where the project has registered anything.
    Elsewhere a reconciliation is a plain select, which compares everything each time; it creates
    the functions it calls, which no hook of the project installs.

    Args: declared: what is compared, see `begin_reconciliation`.
-#}
{% macro configure_reconciliation(declared) -%}
    {%- if trustgate.is_registered() -%}
    {{ config(
        materialized='layer',
        schema='quality',
        sql_header='set local parallel_tuple_cost = 0; set local parallel_setup_cost = 0;',
        meta={
            'layer': {
                'kind': 'reconciliation',
                'entities': trustgate.followed_entities(declared),
                'keep_where': 'dataset is not null',
            },
            'reconciliation': declared,
        },
    ) }}
    {%- else -%}
    {{ config(pre_hook='{{ trustgate.install_functions() }}') }}
    {%- endif -%}
{%- endmacro %}
