{#-
    A join that rules may look through, checked.

    Args: place: for messages; alias: name in expressions; join: mapping with to (model), field (its
        column), column (ours); columns: our typed columns; earlier: joins declared before it.
    Returns: mapping with alias, to, base, entity, field, column, columns (that expressions may read of it, see
        `_columns_of_parent`), and as `joined` the alias of the first that looks
        up the same.
    Raises: a compiler error where an argument is missing or unknown, or where the model does not depend
        on `to`, saying which line to add.
-#}
{% macro declared_join(place, alias, join, columns, earlier=[]) -%}
    {%- if alias == 'received' -%}
        {{ exceptions.raise_compiler_error(place ~ ': received is the text that a column was read from; give the join another name') }}
    {%- endif -%}
    {%- do trustgate._refuse_taken_names(place, 'name', [alias]) -%}
    {%- if join is not mapping -%}
        {{ exceptions.raise_compiler_error(place ~ ": it is '" ~ join ~ "', allowed is a mapping with to, field and column") }}
    {%- endif -%}
    {%- for argument in ('to', 'field', 'column') -%}
        {%- if not join.get(argument) -%}
            {{ exceptions.raise_compiler_error(place ~ ": " ~ argument ~ " is missing; a join needs to, field and column") }}
        {%- endif -%}
    {%- endfor -%}
    {%- do trustgate.refuse_unknown_words(place, join, ['to', 'field', 'column']) -%}
    {%- do trustgate.refuse_unknown_word(place, 'column', join.column, columns.keys() | list) -%}
    {%- set depended_on = [] -%}
    {%- for node in model.depends_on.nodes -%}{%- do depended_on.append(node.split('.')[2]) -%}{%- endfor -%}
    {%- set entity = (join.to | string).removeprefix('stg_') -%}
    {%- for needed in (join.to, 'base_' ~ entity) -%}
        {%- if needed not in depended_on -%}
            {%- set known = [] -%}
            {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') -%}{%- do known.append(node.name) -%}{%- endfor -%}
            {%- if join.to not in known and known -%}
                {%- do trustgate.refuse_unknown_word(place, 'to', join.to, known | sort) -%}
            {%- endif -%}
            {{ exceptions.raise_compiler_error(
                place ~ ": the model does not depend on " ~ needed ~ "; add this line to its SQL: "
                ~ "-- depends_on: {{ ref('" ~ join.to ~ "') }} {{ ref('base_" ~ entity ~ "') }}"
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- set parent = trustgate._columns_of_parent(join.to, 'base_' ~ entity) -%}
    {%- if parent.fields -%}
        {%- do trustgate.refuse_unknown_word(place, 'field', join.field, parent.fields) -%}
    {%- endif -%}
    {%- set same = earlier | selectattr('to', 'equalto', join.to) | selectattr('field', 'equalto', join.field) | selectattr('column', 'equalto', join.column) | list -%}
    {{ return({
        'alias': alias,
        'joined': same[0].joined if same else alias,
        'to': join.to,
        'base': 'base_' ~ entity,
        'entity': entity,
        'field': join.field,
        'column': join.column,
        'columns': parent.columns,
    }) }}
{%- endmacro %}


{#- Columns of a parent's stg that expressions may read, those of a join's field first; none where its base cannot be seen. -#}
{% macro _columns_of_parent(stg, base) -%}
    {%- set fields = trustgate._columns_of(trustgate.declared_node(base)).keys() | list -%}
    {%- if not fields -%}{{ return({'fields': none, 'columns': none}) }}{%- endif -%}
    {%- set fields = fields + ['_record_key'] -%}
    {%- set described = (trustgate.declared_node(stg) or {'columns': {}}).columns.keys() | list -%}
    {{ return({
        'fields': fields,
        'columns': (fields + ['_record_id', '_batch_id', '_worker_id', '_checksum', '_loaded_at', '_version_number', '_checked_at', 'dq_status', 'dq_score'] + described) | unique | list,
    }) }}
{%- endmacro %}
