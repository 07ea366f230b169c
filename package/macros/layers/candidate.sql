{#-
    Configures `candidate_<mart>`: the rows of a mart as they would be published, for the active dataset. The model
    goes on with a plain select; in an increment it is evaluated for the keys that changes may affect.

    Args:
        of: entity whose records make the rows. A changed record affects the row of its own key.
        key: column or list of columns that identify a row; or a mapping of each to SQL over a record of `of`, where
            the record has no such column.
        follows: mapping of entities the select reads to the column by which they and `of` belong together: a changed
            record of theirs affects the rows of all records of `of` with the same value. `of` itself is among them
            where a record's row depends on others of its kind, as a status found for all payments of an order does.
    The select names `_dataset`, and where a row is one record its provenance (`_record_id`, `_record_key`,
    `_batch_id`, `_worker_id`, `_checksum`).
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
            'kind': 'candidate', 'entities': entities, 'of': of, 'key': columns, 'follows': follows,
        }},
    ) }}
    {%- for entity in entities -%}{%- do ref('base_' ~ entity) -%}{%- endfor -%}
{%- endmacro %}
