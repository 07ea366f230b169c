{#- Name of the model that is a layer of an entity. -#}
{% macro _layer_of(kind, entity) -%}
    {%- set candidates = trustgate.setting('candidates') -%}
    {{ return(candidates.get(entity) if kind == 'candidate' else kind ~ '_' ~ entity) }}
{%- endmacro %}


{#-
    How `count_layers` and `adjust_totals` count a model's records: name, entity, kind, amount, its
    type and format; none for a model that is not counted.
-#}
{% macro counted_layer(name) -%}
    {%- set found, kinds = [], ('raw', 'base', 'candidate') -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- for kind in kinds if trustgate._layer_of(kind, entity) == name -%}
            {%- set amount = trustgate.meta_of('base_' ~ entity).get('amount') -%}
            {%- do found.append({
                'name': name, 'entity': entity, 'kind': kind, 'amount': amount,
                'amount_type': trustgate.type_of_column('base_' ~ entity, amount, 'numeric'),
                'amount_format': trustgate.format_of(entity, amount),
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found[0] if found else none) }}
{%- endmacro %}


{#- Columns by which records are grouped. -#}
{% macro _total_groups() -%}
    {%- set of_batch = ['dataset', 'batch_id', 'worker_id', 'loaded_at'] -%}
    {{ return(of_batch + ['is_latest', 'dq_status', 'fate']) }}
{%- endmacro %}


{#- Columns that are summed. -#}
{% macro _total_measures() -%}
    {{ return(['record_count', 'amount_total', 'amount_received', 'hash_high', 'hash_low']) }}
{%- endmacro %}


{#-
    SQL select list: what one row, aliased `layer`, adds to the totals. In base,
    `layer._good_version` is the greatest version of its key that did not fail (for a latest
    version, its own if it did not fail).

    Args: counted: see `counted_layer`; checksum: SQL of the row's checksum.
-#}
{% macro _counted_columns(counted, checksum='layer._checksum') -%}
{%- set is_base, amount = counted.kind == 'base', counted.amount -%}
layer._dataset as dataset,
layer._batch_id as batch_id,
coalesce(layer._worker_id, -1) as worker_id,
{{ 'layer._loaded_at' if counted.kind in ('raw', 'base') else 'null::timestamptz' }} as loaded_at,
{{ 'layer._is_latest' if is_base else 'null::boolean' }} as is_latest,
{{ 'layer._dq_status' if is_base else 'null::text' }} as dq_status,
{% if is_base -%}
case
    when layer._is_duplicate then 'DUPLICATE'
    when layer._good_version = layer._version_number then 'PROMOTED'
    when layer._good_version > layer._version_number then 'SUPERSEDED'
    else 'QUARANTINED'
end as fate,
{%- else -%}
{{ 'null::text' if counted.kind == 'raw' else "'PROMOTED'::text" }} as fate,
{%- endif %}
1 as record_count,
{% if not amount -%}
null::numeric as amount_total,
null::numeric as amount_received,
{%- elif counted.kind == 'raw' -%}
{%- set text, format = 'layer.' ~ amount, counted.amount_format -%}
coalesce({{ trustgate.parse(text, counted.amount_type, format) }}::numeric, 0) as amount_total,
coalesce({{ trustgate.parse(text, 'numeric', format) }}, 0) as amount_received,
{%- else -%}
coalesce(layer.{{ amount }}::numeric, 0) as amount_total,
{{ 'coalesce(' ~ trustgate._amount_before_correction(counted) ~ '::numeric, 0)' if is_base
    else 'null::numeric' }} as amount_received,
{%- endif %}
('x' || left({{ checksum }}, 16))::bit(64)::bigint as hash_high,
('x' || right({{ checksum }}, 16))::bit(64)::bigint as hash_low
{%- endmacro %}


{#- SQL of the amount of a record of base as it was received. -#}
{% macro _amount_before_correction(counted) -%}
    case when layer._corrections ? '{{ counted.amount }}' then (
        {%- set text = 'received.' ~ counted.amount %}
        select {{ trustgate.parse(text, counted.amount_type, counted.amount_format) }}
        from {{ trustgate.project_ref('raw_' ~ counted.entity) }} as received
        where received._record_id = layer._record_id
    ) else layer.{{ counted.amount }} end
{%- endmacro %}


{#- Columns of base that `_counted_columns` reads, except `_good_version`. -#}
{% macro _columns_counted(counted) -%}
    {{ return([
        '_record_id', '_record_key', '_dataset', '_batch_id', '_worker_id', '_loaded_at',
        '_is_latest', '_is_duplicate', '_version_number', '_dq_status', '_dq_details', '_checksum',
        '_corrections',
    ] + ([counted.amount] if counted.amount else [])) }}
{%- endmacro %}


{#-
    Statement that counts the rows of a layer into a temporary table: `create table as` may use
    parallel workers, an insert may not.
-#}
{% macro _find_totals(counted, condition='', again=false) -%}
    {%- set relation = trustgate.project_ref(counted.name) -%}
    {%- set checksum = trustgate._checksum_of_content(counted) if again and counted.kind == 'raw'
        else 'layer._checksum' -%}
    {%- set rows = trustgate._with_good_version(relation) if counted.kind == 'base'
        else relation -%}
    create temporary table {{ counted.name }}__found on commit drop as
    select
        '{{ relation }}'::regclass::oid::bigint as relation,
        {{ trustgate._total_groups() | join(', ') }},
        {%- for measure in trustgate._total_measures() %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ trustgate._counted_columns(counted, checksum) | indent(12) }}
        from {{ rows }} as layer
        {{ condition }}
    ) as records
    group by {{ trustgate._total_groups() | join(', ') }};
{%- endmacro %}


{#- SQL of base with the good version of each record's key; few are not the latest. -#}
{% macro _with_good_version(base) -%}
(
    select
        version.*,
        case
            when version._is_duplicate then null
            when version._is_latest and version._dq_status = 'FAILED' then null
            when version._is_latest then version._version_number
            else (
                select max(good._version_number)
                from {{ base }} as good
                where good._record_key = version._record_key and good._dataset = version._dataset
                    and good._dq_status <> 'FAILED' and not good._is_duplicate
            )
        end as _good_version
    from {{ base }} as version
)
{%- endmacro %}
