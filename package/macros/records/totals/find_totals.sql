{#-
    Statement that counts the rows of a layer into a temporary table: `create table as` may use
    parallel workers, an insert may not.
-#}
{% macro find_totals(counted, condition='', again=false) -%}
    {%- set relation = trustgate.project_ref(counted.name) -%}
    {%- set checksum = trustgate.checksum_of_content(counted) if again and counted.kind == 'raw'
        else 'layer._checksum' -%}
    {%- set rows = trustgate._with_good_version(relation) if counted.kind == 'base'
        else relation -%}
    create temporary table {{ counted.name }}__found on commit drop as
    select
        '{{ relation }}'::regclass::oid::bigint as relation,
        {{ trustgate.total_groups() | join(', ') }},
        {%- for measure in trustgate.total_measures() %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ trustgate.counted_columns(counted, checksum) | indent(12) }}
        from {{ rows }} as layer
        {{ condition }}
    ) as records
    group by {{ trustgate.total_groups() | join(', ') }};
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
