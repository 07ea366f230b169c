{#-
    Statements that create the functions which read numbers in the forms that an entity declares, as
    a text for `format`, like `reading_functions`, whose functions they use. A text with two
    readings of different value is NULL.

    Args: schema: of the functions; whitespace: characters that may surround a value, as in an e''
        string.
-#}
{% macro declared_number_functions(schema, whitespace) -%}
create or replace function {{ schema }}.try_numeric_of_either_mark(value text, digits integer, scale integer)
returns numeric language plpgsql stable parallel safe as $body$
declare
    swapped constant text := translate(value, '.,', ',.');
    with_point constant numeric := {{ schema }}.try_numeric(value);
    with_comma constant numeric := {{ schema }}.try_numeric(swapped);
begin
    return case
        when with_point is null then {{ schema }}.try_numeric(swapped, 'numeric', digits, scale)
        when with_comma is null or with_comma = with_point then {{ schema }}.try_numeric(value, 'numeric', digits, scale)
    end;
end
$body$;

create or replace function {{ schema }}.try_numeric_coded(
    value text, implied_decimals integer, is_overpunched boolean, digits integer, scale integer
)
returns numeric language plpgsql stable parallel safe as $body$
declare
    written text := btrim(value, e'{{ whitespace }}');
    place integer := 0;
    is_negative boolean;
    fraction text;
begin
    if is_overpunched and written ~ '^[0-9]*[0-9{}A-R]$' then
        place := strpos('{ABCDEFGHI}JKLMNOPQR', right(written, 1));
        is_negative := place > 10;
        if place > 0 then
            written := left(written, -1) || (place - 1) %% 10;
        end if;
    elsif not is_overpunched and written ~ '^[-+]?[0-9]+$' then
        is_negative := left(written, 1) = '-';
    else
        return null;
    end if;
    written := ltrim(written, '+-0');
    if length(written) > digits + implied_decimals then
        return null;
    end if;
    written := lpad(written, greatest(length(written), implied_decimals), '0');
    fraction := right(written, implied_decimals);
    if length(rtrim(fraction, '0')) > scale then
        return null;
    end if;
    return (case when is_negative then '-0' else '0' end || left(written, length(written) - implied_decimals) || '.' || fraction)::numeric;
end
$body$;

create or replace function {{ schema }}.as_integer(value numeric, type_name text)
returns numeric language sql immutable parallel safe as $sql$
    select case
        when value between case type_name when 'integer' then -2147483648 else -9223372036854775808 end
            and case type_name when 'integer' then 2147483647 else 9223372036854775807 end
            then value
    end
$sql$;
{%- endmacro %}
