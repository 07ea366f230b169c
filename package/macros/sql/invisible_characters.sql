{#-
    A regular expression of one character that nobody sees, that a terminal obeys, or that looks
    like a blank. The runner writes them out (`visible` in `lines.py`).
-#}
{% macro invisible_characters() -%}
    {{ return(
        '[\\u0001-\\u001f\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u180e'
        '\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff'
        '\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e007f\\U000e0100-\\U000e01ef]'
    ) }}
{%- endmacro %}
