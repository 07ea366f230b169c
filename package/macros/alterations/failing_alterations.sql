{#-
    SQL of the alterations that are not restored, as `failing_keys` has what fails: the last one of
    each record and layer.
-#}
{% macro failing_alterations() -%}
select
    'alteration'::text as kind,
    entity,
    record_key,
    'altered_' || layer as check_id,
    null::uuid as record_id,
    min(batch_id) as batch_id,
    max(alteration_id)::text as evaluation
from ({{ trustgate.alterations_by_key() | indent(4) }}) as altered
group by entity, record_key, layer
{%- endmacro %}
