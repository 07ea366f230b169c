{#-
    Pre-hook of base: hands the batches that raw holds and base does not over to the model's statement, as
    `trustgate.batches_<entity>`, a setting of the transaction (text of a text[]), which the planner reads as
    a constant.
-#}
{% macro open_batches(entity) -%}
    {%- if is_incremental() -%}
    select set_config('trustgate.batches_{{ entity }}', array(
        {{ trustgate.unchecked_batches(entity, this) | indent(8) }}
    )::text, true)
    {%- endif -%}
{%- endmacro %}


{#- A base model without that hook could never take in a batch: an error when it is compiled. -#}
{% macro _refuse_unopened_batches(entity) -%}
    {%- set opened = [] -%}
    {%- for hook in model.config['pre-hook'] or [] if 'open_batches' in hook.sql -%}{%- do opened.append(hook) -%}{%- endfor -%}
    {%- if model.resource_type == 'model' and not opened -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ ": its config lacks pre_hook=\"{{ trustgate.open_batches('" ~ entity ~ "') }}\""
        ) }}
    {%- endif -%}
{%- endmacro %}
