{#-
    SQL condition: no part of the key is blank; null where one is NULL. For most keys the first byte
    decides, without trimming.
-#}
{% macro has_key(side, keys) -%}
    (
    {%- for key in keys -%}
        {%- set text = trustgate.side_column(side, key) ~ '::text' -%}
        ({{ text }} collate "C" > '!' and {{ text }} collate "C" < e'\x7f'
        or {{ trustgate.trimmed(text) }} <> ''){{ ' and ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}
