{#-
    The entity of the model being compiled, from its name: `base_refunds` is of refunds.

    Args: layer: what its name begins with.
    Raises: a compiler error where the model is called anything else.
-#}
{% macro entity_of_model(layer) -%}
    {%- set name = trustgate.model_name() -%}
    {%- if not name.startswith(layer ~ '_') -%}
        {{ exceptions.raise_compiler_error("trustgate." ~ layer ~ ": the model is called '" ~ name ~ "', allowed are names such as " ~ layer ~ "_refunds") }}
    {%- endif -%}
    {{ return(name.removeprefix(layer ~ '_')) }}
{%- endmacro %}
