{#-
    Name of the dataset that candidates, gate and marts are about in this run.

    Source, first that is given: var('dataset'), environment TRUSTGATE_DATASET, last part of DATA_DIR,
    'good'. Raises where the name is not lower case letters, digits, '_', '-' or '.'.
-#}
{% macro active_dataset() -%}
    {#- Never known while dbt parses: another dataset is no other project. #}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {%- set name = var('dataset', env_var('TRUSTGATE_DATASET', '') or env_var('DATA_DIR', 'good').rstrip('/').split('/')[-1]) -%}
    {%- if not modules.re.fullmatch('[A-Za-z0-9][A-Za-z0-9_.-]{0,62}', name | string) -%}
        {{ exceptions.raise_compiler_error(
            "dataset is '" ~ name ~ "': a name is letters, digits, '_', '-' and '.', at most 63"
        ) }}
    {%- endif -%}
    {{ return(name | string) }}
{%- endmacro %}
