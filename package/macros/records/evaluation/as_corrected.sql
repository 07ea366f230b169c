{#-
    SQL of the received text of a column, or of its correction.

    Args: column: name; received: alias of the raw record; corrections: SQL of its corrections,
        `_corrections` of its row in base.
-#}
{% macro as_corrected(column, received='side', corrections='verdict._corrections') -%}
    {{ return(
        "case when " ~ corrections ~ " ? '" ~ column ~ "' then "
        ~ corrections ~ " -> '" ~ column ~ "' ->> 0 else " ~ received ~ "." ~ column ~ " end"
    ) }}
{%- endmacro %}
