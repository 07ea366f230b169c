{#-
    A join through which rules read a parent, valid.

    Args: place: for messages; alias: name in expressions; join: as declared, with to, field (a
        column of the parent) and column (ours); columns: our typed columns; earlier: other joins.
    Returns: mapping with alias, to, base, entity, field, column; columns, those of the parent that
        expressions may read, none where they cannot be seen; joined, the alias of the first join
        that looks up the same; comparison and lookup, see `_join_conditions`.
    Raises: a compiler error where the model does not depend on the parent, saying what to add.
-#}
{% macro declared_join(place, alias, join, columns, earlier) -%}
    {%- set to = (join.to if join is mapping else '') | string -%}
    {%- set base = to.replace('stg_', 'base_', 1) -%}
    {%- set fields = trustgate.typed_columns(base) -%}
    {%- do trustgate.validate(place, 'join', join, {
        'columns': columns | list,
        'fields': fields | list + ['_record_key'] if fields else none,
        'parents': trustgate._parents_declared() or none,
    }) -%}
    {%- for needed in (to, base) if needed not in trustgate._depended_on() -%}
        {{ exceptions.raise_compiler_error(
            place ~ ': the model does not depend on ' ~ needed ~ '; name its entity in the call: '
            "{{ trustgate.base(parents=['" ~ to.removeprefix('stg_') ~ "']) }}"
        ) }}
    {%- endfor -%}
    {%- set same = earlier | selectattr('to', 'equalto', to)
        | selectattr('field', 'equalto', join.field)
        | selectattr('column', 'equalto', join.column) | list -%}
    {{ return(dict(
        trustgate._join_conditions(place, join, columns[join.column], fields),
        alias=alias,
        joined=same[0].joined if same else alias,
        to=to,
        base=base,
        entity=to.removeprefix('stg_'),
        field=join.field,
        column=join.column,
        columns=trustgate._readable_columns(to, fields),
    )) }}
{%- endmacro %}


{#- Names of the stg models there are; none of them while dbt parses. -#}
{% macro _parents_declared() -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if node.name.startswith('stg_') -%}{%- do names.append(node.name) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{%- endmacro %}


{#- Names of the nodes that the model depends on. -#}
{% macro _depended_on() -%}
    {%- set names = [] -%}
    {%- for node in model.depends_on.nodes -%}
        {%- do names.append(node.split('.')[2]) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}


{#- Columns of a stg model that expressions may read, those of its files first; none if unknown. -#}
{% macro _readable_columns(stg, fields) -%}
    {%- if not fields -%}{{ return(none) }}{%- endif -%}
    {%- set described = (trustgate.declared_node(stg) or {'columns': {}}).columns | list -%}
    {{ return((fields | list + [
        '_record_key', '_record_id', '_batch_id', '_worker_id', '_checksum', '_loaded_at',
        '_version_number', '_checked_at', 'dq_status', 'dq_score',
    ] + described) | unique | list) }}
{%- endmacro %}


{#-
    SQL by which our column and the parent's field are compared: comparison of their values, and
    lookup, the same through the index on `_record_key` where the field is the parent's key. Each is
    a mapping with column and field.

    Types that differ are compared as text where that says the same of both: text with integers,
    dates and uuids. Raises for other types that differ.
-#}
{% macro _join_conditions(place, join, type, fields) -%}
    {%- set families, exact = [], ('text', 'integer', 'date', 'uuid') -%}
    {%- set type_of_field = fields.get(join.field, 'text' if fields else type) -%}
    {%- for given in (type, type_of_field) -%}
        {%- set name = (given | lower).split('(')[0] | trim -%}
        {%- do families.append('integer' if name == 'bigint' else name) -%}
    {%- endfor -%}
    {%- set comparison = {'column': join.column, 'field': join.field} -%}
    {%- if families[0] != families[1] and families | sort != ['integer', 'numeric'] -%}
        {%- if 'text' not in families or families[0] not in exact or families[1] not in exact -%}
            {{ exceptions.raise_compiler_error(
                place ~ ': ' ~ join.column ~ " is '" ~ type ~ "' and " ~ join.field ~ ' of '
                ~ join.to ~ " is '" ~ type_of_field ~ "', which cannot be compared; give both "
                'the same type'
            ) }}
        {%- endif -%}
        {%- set comparison = {'column': join.column ~ '::text', 'field': join.field ~ '::text'} -%}
    {%- endif -%}
    {%- set lookup = comparison -%}
    {%- set key = trustgate.meta_of(join.to.replace('stg_', 'base_', 1)).get('key') -%}
    {%- if key in (join.field, [join.field]) and families[0] in exact and families[1] in exact -%}
        {%- set own = join.column if families[0] == 'text' else join.column ~ '::text' -%}
        {%- set lookup = {'column': own, 'field': '_record_key'} -%}
    {%- endif -%}
    {{ return({'comparison': comparison, 'lookup': lookup}) }}
{%- endmacro %}
