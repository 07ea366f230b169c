{#-
    Every batch that arrived, with its control totals: of loads as the loader counted them, of seeds
    as counted now.
-#}
{{ trustgate.quality_view() }}

{#- The active dataset is unknown while dbt parses: seeds of all datasets are refs then. #}
{%- set seeds = {} -%}
{%- for entity in trustgate.setting('entities') -%}
{%- for dataset, seed in trustgate.bundled_seeds(entity).items() -%}
{%- if not execute or dataset == trustgate.active_dataset() -%}
{%- do seeds.update({entity: trustgate.project_ref(seed)}) -%}
{%- endif -%}
{%- endfor -%}
{%- endfor %}

with

loads as (
    select
        batch_id,
        dataset,
        entity,
        source_file,
        file_sha256,
        expected_count,
        expected_amount,
        expected_hash,
        loaded_count,
        rejected_count,
        blank_count,
        amount_total,
        row_hash,
        worker_count,
        status,
        loaded_at
    from {{ trustgate.bookkeeping('batches') }}
    where status not in ('LOADING', 'FAILED')
),

{% for entity, seed in seeds.items() %}
{%- set amount = trustgate.meta_of('base_' ~ entity).get('amount') %}
seed_{{ entity }} as (
    select
        batch_id,
        '{{ trustgate.active_dataset() }}' as dataset,
        '{{ entity }}' as entity,
        '{{ trustgate.active_dataset() }}_{{ entity }}.csv' as source_file,
        row_count,
        amount_total,
        row_hash
    from ({{ trustgate.seed_batch(entity, seed, amount) }}) as control
),
{% endfor %}
final as (
    select * from loads
    {%- for entity in seeds %}
    union all
    select
        batch_id,
        dataset,
        entity,
        source_file,
        null as file_sha256,
        row_count as expected_count,
        null as expected_amount,
        null as expected_hash,
        row_count as loaded_count,
        0 as rejected_count,
        0 as blank_count,
        amount_total,
        row_hash,
        1 as worker_count,
        'LOADED' as status,
        null as loaded_at
    from seed_{{ entity }}
    {%- endfor %}
)

select * from final
