{#-
    The entity of the model being compiled, from its name: `base_refunds` is of refunds.

    Args: layer: prefix of its name.
    Raises: a compiler error where the name has another prefix.
-#}
{% macro entity_of_model(layer) -%}
    {%- set name = trustgate.model_name() -%}
    {%- if not name.startswith(layer ~ '_') -%}
        {{ exceptions.raise_compiler_error(
            'trustgate.' ~ layer ~ ": the model is called '" ~ name ~ "', "
            'allowed are names such as ' ~ layer ~ '_refunds'
        ) }}
    {%- endif -%}
    {{ return(name.removeprefix(layer ~ '_')) }}
{%- endmacro %}
