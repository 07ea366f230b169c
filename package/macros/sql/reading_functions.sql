{#-
    Statements that create the functions which read text as types, as a text for `format`: %1$s
    tests for a number, %2$s for an ISO 8601 time, %3$s and %4$s for plain ones of both.

    Args: schema: of the functions; whitespace: characters that may surround a value, as in an e''
        string.
-#}
{% macro reading_functions(schema, whitespace) -%}
create or replace function {{ schema }}.days_in_month(year integer, month integer)
returns integer language sql immutable parallel safe as $sql$
    select case
        when month in (4, 6, 9, 11) then 30
        when month <> 2 then 31
        when year %% 4 = 0 and (year %% 100 <> 0 or year %% 400 = 0) then 29
        else 28
    end
$sql$;

create or replace function {{ schema }}.bounded_text(value text, most integer default 2000)
returns text language sql immutable parallel safe as $sql$
    select case
        when octet_length(value) > most
            then left(value, least(200, (most - 80) / 4)) || '...(' || octet_length(value) || '-bytes,md5:' || md5(value) || ')'
        else value
    end
$sql$;

create or replace function {{ schema }}.try_numeric_carefully(value text, type_name text, digits integer, scale integer)
returns numeric language plpgsql stable parallel safe as $body$
begin
    value := btrim(value, e'{{ whitespace }}');
    if %1$s and length(rtrim(split_part(value, '.', 2), '0')) <= scale then
        return value::numeric;
    end if;
    {#- Blanks between groups of three digits come in several widths. #}
    value := translate(value, e'\u00a0\u2009\u202f', '   ');
    return case
        when (value ~ '^[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?$' or value ~ '^[-+]?[0-9]{1,3}( [0-9]{3})+([.][0-9]*)?$')
            and length(ltrim(translate(split_part(value, '.', 1), ', ', ''), '+-0')) <= digits
            and length(rtrim(split_part(value, '.', 2), '0')) <= scale
            and length(split_part(value, '.', 2)) <= 16383
            then translate(value, ', ', '')::numeric
    end;
end
$body$;

create or replace function {{ schema }}.try_numeric(
    value text, type_name text default 'numeric', digits integer default 131072, scale integer default 16383
)
returns numeric language sql stable parallel safe as $sql$
    select case
        when %3$s then value::numeric
        else {{ schema }}.try_numeric_carefully(value, type_name, digits, scale)
    end
$sql$;

create or replace function {{ schema }}.try_integer(value text, type_name text default 'bigint')
returns numeric language sql stable parallel safe as $sql$
    select case
        when {{ schema }}.try_numeric(value, 'numeric', 19, 0) between
            case type_name when 'integer' then -2147483648 else -9223372036854775808 end
            and case type_name when 'integer' then 2147483647 else 9223372036854775807 end
            then {{ schema }}.try_numeric(value, 'numeric', 19, 0)
    end
$sql$;

create or replace function {{ schema }}.try_timestamptz_carefully(value text)
returns timestamptz language plpgsql stable parallel safe as $body$
begin
    value := btrim(value, e'{{ whitespace }}');
    return case
        when %2$s then case
            when substr(btrim(value), 11) ~ '[-+Z]'
                then value::timestamptz
            else (btrim(value) || 'Z')::timestamptz
        end
        when value ~ '^ *(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/[0-9]{4} ([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])? *$'
            and split_part(split_part(btrim(value), ' ', 1), '/', 3) <> '0000'
            and split_part(btrim(value), '/', 2)::integer <= {{ schema }}.days_in_month(
                split_part(split_part(btrim(value), ' ', 1), '/', 3)::integer, split_part(btrim(value), '/', 1)::integer
            )
            then (
                split_part(split_part(btrim(value), ' ', 1), '/', 3) || '-' || lpad(split_part(btrim(value), '/', 1), 2, '0')
                || '-' || lpad(split_part(btrim(value), '/', 2), 2, '0') || ' ' || split_part(btrim(value), ' ', 2) || 'Z'
            )::timestamptz
    end;
end
$body$;

create or replace function {{ schema }}.try_timestamptz(value text)
returns timestamptz language sql stable parallel safe as $sql$
    select case
        when %4$s then value::timestamptz
        else {{ schema }}.try_timestamptz_carefully(value)
    end
$sql$;

create or replace function {{ schema }}.try_date(value text)
returns date language sql stable parallel safe as $sql$
    select case
        when length(btrim(value, e'{{ whitespace }}')) = 10 and strpos(value, '-') > 0
            then ({{ schema }}.try_timestamptz(value) at time zone 'UTC')::date
        when strpos(value, '/') > 0 and strpos(value, ':') = 0
            then ({{ schema }}.try_timestamptz(btrim(value, e'{{ whitespace }}') || ' 0:00') at time zone 'UTC')::date
    end
$sql$;

create or replace function {{ schema }}.try_boolean(value text)
returns boolean language sql immutable parallel safe as $sql$
    select case
        when lower(btrim(value, e'{{ whitespace }}')) in ('true', 't', 'yes', 'y', '1') then true
        when lower(btrim(value, e'{{ whitespace }}')) in ('false', 'f', 'no', 'n', '0') then false
    end
$sql$;

create or replace function {{ schema }}.try_uuid(value text)
returns uuid language sql immutable parallel safe as $sql$
    select case
        when btrim(value, e'{{ whitespace }}') ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
            then btrim(value, e'{{ whitespace }}')::uuid
    end
$sql$;

create or replace function {{ schema }}.is_card_number(value text)
returns boolean language sql immutable parallel safe as $sql$
    select length(value) between 13 and 19 and (
        select sum(case
            when place %% 2 = 1 then digit
            when digit > 4 then digit * 2 - 9
            else digit * 2
        end) %% 10 = 0
        from (
            select place, substr(reverse(value), place, 1)::integer as digit
            from generate_series(1, length(value)) as place
        ) as places
    )
$sql$;

{#- Of every run of digits, each stretch of 13 to 19 that begins and ends with one of its groups. #}
create or replace function {{ schema }}.holds_card_number(value text)
returns boolean language sql immutable parallel safe as $sql$
    select coalesce(bool_or({{ schema }}.is_card_number(array_to_string(digits[first_group:last_group], ''))), false)
    from (
        select regexp_split_to_array(run[1], '[ -]') as digits
        from regexp_matches(value, '[[:<:]][0-9]+(?:[ -][0-9]+)*[[:>:]]', 'g') as run
    ) as runs
    cross join lateral generate_series(1, cardinality(digits)) as first_group
    cross join lateral generate_series(first_group, least(first_group + 18, cardinality(digits))) as last_group
$sql$;
{%- endmacro %}
