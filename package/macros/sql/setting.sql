{#-
    A setting of the pipeline: `vars: trustgate:` of the root project, or its default.

    Args: name: of the setting, see `_default_settings`.
    Source, the first that is given: `--vars` or a variable of its own name, `vars: trustgate:
        <name>`, the default.
    Raises: a compiler error for an unknown name.
-#}
{% macro setting(name) -%}
    {%- set defaults = trustgate._default_settings() -%}
    {%- if name not in defaults -%}
        {{ exceptions.raise_compiler_error(
            "setting: name is '" ~ name ~ "', allowed are " ~ defaults | join(', ')
        ) }}
    {%- endif -%}
    {%- set declared = (var('trustgate', none) or {}).get(name) -%}
    {{ return(var(name, defaults[name] if declared is none else declared)) }}
{%- endmacro %}


{#- Every setting and its default. -#}
{% macro _default_settings() -%}
    {{ return({
        'entities': [],
        'reconciliations': [],
        'candidates': {},
        'bundled_datasets': {},
        'totals': {},
        'dq_store_passes': false,
        'abandoned_after_minutes': 360,
        'lock_wait_seconds': 30,
        'sla_hours': {'CRITICAL': 4, 'ERROR': 24, 'WARNING': 72},
        'max_retries': 5,
        'retry_minutes': [1, 5, 15, 60, 240],
        'retry_seed': 0,
        'retries_per_run': 1000,
        'max_exceptions_past_sla': none,
        'stuck_after_hours': {'records': 24, 'batches': 24},
        'max_stuck_records': none,
        'max_stuck_batches': none,
        'exception_cap': 10000,
    }) }}
{%- endmacro %}
