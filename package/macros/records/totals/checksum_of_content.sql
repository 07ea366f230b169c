{#-
    SQL of the checksum of a raw record's content, as it is now. Columns that the entity got after
    the record arrived are the last of the table and empty: where the record's own checksum matches
    its content without them, that one is returned.

    Args: counted: see `counted_layer`; relation: of raw, where the model being built is raw itself.
-#}
{% macro checksum_of_content(counted, relation=none) -%}
    {%- set columns, as_added = trustgate.declared_columns(counted.entity) | list, [] -%}
    {%- set existing = adapter.get_columns_in_relation(
        relation or trustgate.project_ref(counted.name)
    ) -%}
    {%- for column in existing if column.name in columns -%}
        {%- do as_added.append(column.name) -%}
    {%- endfor -%}
    case
        when {{ trustgate._checksum_of(columns) }} = layer._checksum then layer._checksum
        {%- for count in range(1, as_added | length) %}
        {%- set later = as_added[-count:] %}
        when
            num_nonnulls(layer.{{ later | join(', layer.') }}) = 0
            and {{ trustgate._checksum_of(columns | reject('in', later) | list) }} = layer._checksum
            then layer._checksum
        {%- endfor %}
        else {{ trustgate._checksum_of(columns) }}
    end
{%- endmacro %}


{#- SQL of the checksum of some columns of a layer. -#}
{% macro _checksum_of(columns) -%}
    {%- set qualified = [] -%}
    {%- for column in columns -%}{%- do qualified.append('layer.' ~ column) -%}{%- endfor -%}
    {{ return(trustgate.row_checksum(qualified)) }}
{%- endmacro %}
