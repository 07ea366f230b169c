{#-
    SQL of the text received of a column, or what was put in its place.

    Args: column: name; received: alias of the raw record; corrections: SQL of its corrections, `_corrections`
    of its row in base.
-#}
{% macro as_corrected(column, received='side', corrections='verdict._corrections') -%}
    {{ return(
        "case when " ~ corrections ~ " ? '" ~ column ~ "' then " ~ corrections ~ " -> '" ~ column ~ "' ->> 0 else "
        ~ received ~ "." ~ column ~ " end"
    ) }}
{%- endmacro %}
