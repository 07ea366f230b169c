{#-
    Model `base_<entity>`: every record of the entity, typed, with its verdict. The model's YAML
    declares columns, key, version, joins, formats and rules (`entity_meta`).

    Args:
        parents: list of entities whose promoted records rules look up (`relationships`, `joins`).

    An increment evaluates the records whose verdict may have changed. Where those are a large part
    of the table, it evaluates every record, as the first build does: that is several times faster
    per record. `begin_evaluation` decides.

    One pass: the innermost select types each column once; the next tests all rules together, and
    lists the failing ones only where one fails; the outer one adds versions and set rules, which
    concern few records. `clock_timestamp()` in a select keeps the planner from evaluating it twice
    and still allows parallel workers; a CTE or `offset 0` would not.
-#}
{% macro base(parents=[]) -%}
{%- set entity = trustgate.entity_of_model('base') -%}
{{ config(
    materialized='layer',
    schema='staging',
    sql_header=trustgate.parallel_plan(),
    meta={'layer': {'kind': 'base', 'entities': [entity], 'parents': parents}},
) }}
{%- for parent in parents -%}{%- do [ref('stg_' ~ parent), ref('base_' ~ parent)] -%}{%- endfor -%}
{%- do ref('raw_' ~ entity) -%}
{%- if not execute -%}
select 1 as parsing
{%- elif trustgate.is_increment() -%}
{%- set is_of_all -%}
    coalesce(nullif(current_setting('trustgate.evaluates_all_{{ entity }}', true), ''), 'false')
    = 'true'
{%- endset -%}
select *
from (
    {{ trustgate._evaluation(entity, true) | indent(4) }}
) as changed
where not {{ is_of_all }}
union all
select *
from (
    {{ trustgate._evaluation(entity, false) | indent(4) }}
) as everything
where {{ is_of_all }}
{%- else -%}
{{ trustgate._evaluation(entity, false) }}
{%- endif -%}
{%- endmacro %}


{#-
    SQL of the evaluation of every record or, in an increment, of the records whose verdict may have
    changed.
-#}
{% macro _evaluation(entity, is_increment) -%}
{%- set columns = trustgate.declared_columns(entity) -%}
{%- set declared = trustgate.declared_entity(
    trustgate.model_name(), trustgate.entity_meta(), columns
) -%}
{%- set record_rules = declared.rules | selectattr('scope', 'equalto', 'record')
    | sort(attribute='severity') | list -%}
{%- set set_rules = declared.rules | selectattr('scope', 'equalto', 'set') | list -%}
{%- set typed -%}{{ trustgate.typed_records(declared, columns, is_increment) }}{%- endset -%}
with

{% if is_increment -%}
{{ trustgate.records_to_check(declared, columns) }}
{% endif -%}
{{ trustgate.versions_and_set_rules(declared, columns, set_rules, is_increment) }}

select
    _record_id,
    _dataset,
    _batch_id,
    _row_number,
    _worker_id,
    _checksum,
    _loaded_at,
    _record_key,
    _corrections,
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    coalesce(_version_number, 1) as _version_number,
    coalesce(_is_latest, true) as _is_latest,
    coalesce(_is_duplicate, false) as _is_duplicate,
    {{ trustgate.verdict_columns(declared, record_rules, set_rules) | indent(4) }},
    '{{ declared.rules_version }}'::text as _rules_version,
    {{ trustgate._next_check_seq(entity) | indent(4) }} as _check_seq,
    now() as _checked_at,
    '{{ invocation_id }}'::text as _run_id
from (
    select
        evaluated.*,
        versions_and_set_rules._version_number,
        versions_and_set_rules._is_latest,
        versions_and_set_rules._is_duplicate,
        versions_and_set_rules._broken as _broken_set_rules
    from (
        {{ trustgate.evaluated_records(declared, columns, typed, record_rules) | indent(8) }}
    ) as evaluated
    {#-
        In an increment both sides hold the same records. The planner never makes a full join by a
        nested loop, however few rows it expects.
    #}
    {{ 'full outer' if is_increment else 'left' }} join versions_and_set_rules
        on evaluated._record_id = versions_and_set_rules.record_id
) as verdict
{%- endmacro %}


{#- SQL of the number of this evaluation: greater than that of any verdict before it. -#}
{% macro _next_check_seq(entity) -%}
    (
        select 1 + coalesce(max(check_seq), 0)
        from (
            {%- if trustgate.is_increment() %}
            select max(_check_seq) as check_seq from {{ this }}
            union all
            {%- endif %}
            select max(check_seq) as check_seq
            from {{ trustgate.bookkeeping('layer_progress') }}
            where entity = '{{ entity }}'
        ) as earlier
    )
{%- endmacro %}
