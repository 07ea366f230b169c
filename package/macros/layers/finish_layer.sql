{#- Statements that end the transaction of a layer: watermarks, and what follows from its rows. -#}
{% macro finish_layer(kind) -%}
    {%- set layer = model.config.meta.layer -%}
    {%- set dataset = trustgate.active_dataset() -%}
    {%- if kind == 'landing' -%}
        alter table {{ this }} alter column _worker_id set default 0;
    {%- elif kind == 'raw' -%}
        {{ trustgate.empty_landing(layer.entities[0]) }};
        {{ trustgate.watch_layer(this, trustgate.model_name(), layer.entities[0]) }};
    {%- elif kind == 'base' -%}
        {{ trustgate.watch_layer(this, trustgate.model_name(), layer.entities[0]) }};
        {{ trustgate.note_restored(
            trustgate.model_name(),
            "current_setting('trustgate.restores_" ~ layer.entities[0] ~ "', true) = 'true'"
                if trustgate.is_increment() else 'true'
        ) }};
        {%- for parent in layer.parents %}
        {{ trustgate.commit_watermark(parent) }};
        {%- endfor %}
    {%- elif kind == 'candidate' -%}
        {{ trustgate.watch_layer(
            this, trustgate.model_name(), layer.of, trustgate.key_of_layer('candidate')
        ) }};
        {{ trustgate.note_restored(
            trustgate.model_name(),
            'true' if trustgate.is_deep() else trustgate.is_reset(layer.entities)
        ) }};
        {%- for entity in layer.entities %}
        {{ trustgate.commit_watermark(entity, dataset) }};
        {%- endfor %}
    {%- elif kind == 'reconciliation' -%}
        {%- for entity in trustgate.followed_entities(model.config.meta.reconciliation) %}
        {{ trustgate.commit_watermark(entity, dataset) }};
        {%- endfor %}
    {%- elif kind in ('results', 'scores', 'findings') -%}
        {{ trustgate.record_exception_events() ~ ';' if kind == 'findings' }}
        {%- for entity in trustgate.setting('entities') %}
        {{ trustgate.commit_watermark(entity, '*' if kind == 'results' else dataset) }};
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
