{#-
    Statement that creates the function which rewrites a number of the forms that an entity declares
    (`number_forms`) as others are written, as a text for `format`. Any other text stays as it is.

    Args: schema: of the function; whitespace: characters that may surround a value, as in an e''
        string.
-#}
{% macro number_form_functions(schema, whitespace) -%}
create or replace function {{ schema }}.plain_number(value text, forms text[])
returns text language plpgsql immutable parallel safe as $body$
declare
    currency constant text :=
        '(?:[A-Z]{3}|[A-Z]{0,2}[$\u00a2-\u00a5\u20a0-\u20cf]|kr|K\u010d|z\u0142|Ft)';
    written text := btrim(value, e'{{ whitespace }}');
    number text;
begin
    if 'dashes' = any(forms) then
        written := translate(written, e'\u2212\u2013', '--');
    end if;
    if 'currency' = any(forms) then
        number := regexp_replace(
            written, '^([-+(]?)' || currency || '[ \u00a0\u202f]?([-+]?[0-9.,].*)$', '\1\2'
        );
        if number = written then
            number := regexp_replace(
                written, '^(.*[0-9.,])[ \u00a0\u202f]?' || currency || '([-+)]?)$', '\1\2'
            );
        end if;
        written := number;
    end if;
    if 'parentheses' = any(forms) and written ~ '^[(] ?[0-9.,].*[)]$' then
        written := '-' || btrim(substr(written, 2, length(written) - 2));
    end if;
    if 'trailing_sign' = any(forms) and written ~ '^[0-9.,].*[-+]$' then
        written := right(written, 1) || rtrim(left(written, -1));
    end if;
    if 'apostrophes' = any(forms)
        and written ~ '^[-+]?[0-9]{1,3}([''\u2019][0-9]{3})+([.,][0-9]*)?$'
    then
        written := translate(written, e'\'\u2019', '');
    end if;
    return written;
end
$body$;
{%- endmacro %}
