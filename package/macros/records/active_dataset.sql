{#-
    Name of the active dataset: the one that candidates, gate and marts hold.

    Source, the first that is given: var('dataset'), environment TRUSTGATE_DATASET, last part of
    DATA_DIR, 'good'.
    Raises: a compiler error where the name has other characters than letters, digits, '_', '-' and
    '.'.
-#}
{% macro active_dataset() -%}
    {#- Unknown while dbt parses, so that another dataset needs no new parse. #}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {%- set directory = env_var('DATA_DIR', 'good').rstrip('/').split('/')[-1] -%}
    {%- set name = var('dataset', env_var('TRUSTGATE_DATASET', '') or directory) -%}
    {%- if not modules.re.fullmatch('[A-Za-z0-9][A-Za-z0-9_.-]{0,62}', name | string) -%}
        {{ exceptions.raise_compiler_error(
            "dataset is '" ~ name ~ "': a name is letters, digits, '_', '-' and '.', at most 63"
        ) }}
    {%- endif -%}
    {{ return(name | string) }}
{%- endmacro %}
