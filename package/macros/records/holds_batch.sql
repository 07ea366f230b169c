{#-
    SQL condition: a relation holds records of a batch. It compares the first batch from this one
    on, which takes one step through the index on `_batch_id`: for `exists`, the planner would read
    the whole index, and where most records are of one batch, the table.

    Args: relation: raw or base; batch: SQL of the batch's id.
-#}
{% macro holds_batch(relation, batch) -%}
    (
        select min(held._batch_id) from {{ relation }} as held where held._batch_id >= {{ batch }}
    ) is not distinct from {{ batch }}
{%- endmacro %}
