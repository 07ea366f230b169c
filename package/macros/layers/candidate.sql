{#-
    Configures `candidate_<mart>`: the rows of a mart as they would be published, for the active
    dataset. A plain select follows in the model; an increment evaluates it for the keys that
    changes may affect.

    Args:
        of: entity whose records make the rows. A changed record affects the row of its own key.
        key: column or list of columns that identify a row; or a mapping of each to SQL over a
            record of `of`, where the record has no such column.
        follows: mapping of entities that the select reads to the column they share with `of`. A
            changed record of theirs affects the rows of all records of `of` with the same value.
            `of` itself may be among them, where a record's row depends on other records of its
            entity: a status found for all payments of an order, for example.
    The select includes `_dataset` and, where a row is one record, its provenance (`_record_id`,
    `_record_key`, `_batch_id`, `_worker_id`, `_checksum`).
-#}
{% macro candidate(of, key, follows={}) -%}
    {%- set columns = {} -%}
    {%- set entities = ([of] + follows | list) | unique | list -%}
    {%- for column in ([key] if key is string else key) -%}
        {%- do columns.update({column: key[column] if key is mapping else column}) -%}
    {%- endfor -%}
    {{ config(
        materialized='layer',
        schema='candidate',
        alias=trustgate.model_name().removeprefix('candidate_'),
        unique_key=columns | list,
        meta={'layer': {
            'kind': 'candidate', 'entities': entities,
            'of': of, 'key': columns, 'follows': follows,
        }},
    ) }}
    {%- for entity in entities -%}{%- do ref('base_' ~ entity) -%}{%- endfor -%}
{%- endmacro %}
