{#- Statement that raises where a dataset is neither bundled nor among the batches ever loaded. -#}
{% macro validate_dataset(dataset) -%}
    {%- set schema = trustgate.quality_schema() -%}
    {%- set bundled = trustgate.setting('bundled_datasets') -%}
    do $dataset$
    declare
        known text := {{ trustgate.literal(bundled | join(', ')) }};
        is_known boolean := {{ dataset in bundled }};
    begin
        if not is_known and to_regclass('{{ schema }}.batches') is not null then
            execute $known$
                select
                    coalesce(bool_or(dataset = $1), false),
                    concat_ws(', ', $2, string_agg(distinct dataset, ', '))
                from {{ schema }}.batches
                where status not in ('LOADING', 'FAILED')
            $known$
            into is_known, known
            using {{ trustgate.literal(dataset) }}, known;
        end if;
        if not is_known then
            raise exception
                'dataset % is unknown; known are: %. Load it first, or name one of these.',
                {{ trustgate.literal(dataset) }}, known;
        end if;
    end
    $dataset$
{%- endmacro %}
