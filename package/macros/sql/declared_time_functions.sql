{#-
    Statements that create the functions which read dates and times in the forms that an entity
    declares, as a text for `format`, like `reading_functions`, whose functions they use. A text
    with two readings is NULL, and so is a local time that its zone skips or has twice.

    Args: schema: of the functions; whitespace: characters that may surround a value, as in an e''
        string.
-#}
{% macro declared_time_functions(schema, whitespace) -%}
create or replace function {{ schema }}.local_time(year integer, month integer, day integer, hour integer, minute integer, second integer)
returns timestamp language plpgsql immutable parallel safe as $body$
begin
    if year >= 1 and month between 1 and 12 and day >= 1 and hour <= 23 and minute <= 59 and second <= 59
        and day <= {{ schema }}.days_in_month(year, month)
    then
        return make_timestamp(year, month, day, hour, minute, second);
    end if;
    return null;
end
$body$;

create or replace function {{ schema }}.try_local_time(value text, form text, is_date boolean)
returns timestamp language plpgsql stable parallel safe as $body$
declare
    written constant text := btrim(value, e'{{ whitespace }}');
    pattern text;
    parts integer[];
begin
    value := written;
    if form = 'iso' then
        return case
            when written not like '____-__-__%%' then null
            when %2$s then case
                when is_date and length(written) = 10 then written::timestamp
                when not is_date and substr(written, 11) !~ '[-+Z]' then written::timestamp
            end
        end;
    end if;
    if form = 'excel' then
        {#- Days from 1899-12-30. Excel counts a 29 February 1900 that never was: none before March. #}
        return case
            when written ~ '^[0-9]{2,7}([.][0-9]{0,15})?$' and written::numeric between 61 and 2958465
                and (not is_date or written !~ '[.]0*[1-9]')
                then timestamp '1899-12-30' + trunc(written::numeric)::integer * interval '1 day'
                    + round((written::numeric - trunc(written::numeric)) * 86400, 3)::float8 * interval '1 second'
        end;
    end if;
    if form in ('us', 'eu') then
        if strpos(written, '/') = 0 then
            return null;
        end if;
        parts := regexp_match(
            written, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})' || case when is_date then '$' else ' ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?$' end
        );
        return {{ schema }}.local_time(
            parts[3], case form when 'us' then parts[1] else parts[2] end, case form when 'us' then parts[2] else parts[1] end,
            coalesce(parts[4], 0), coalesce(parts[5], 0), coalesce(parts[6], 0)
        );
    end if;
    pattern := replace(form, 'HH24', 'HH');
    if translate(written, '012345678', '999999999') = translate(pattern, 'YMDHIS', '999999') then
        return {{ schema }}.local_time(
            substr(written, strpos(pattern, 'YYYY'), 4)::integer,
            substr(written, strpos(pattern, 'MM'), 2)::integer,
            substr(written, strpos(pattern, 'DD'), 2)::integer,
            case when strpos(pattern, 'HH') > 0 then substr(written, strpos(pattern, 'HH'), 2)::integer else 0 end,
            case when strpos(pattern, 'MI') > 0 then substr(written, strpos(pattern, 'MI'), 2)::integer else 0 end,
            case when strpos(pattern, 'SS') > 0 then substr(written, strpos(pattern, 'SS'), 2)::integer else 0 end
        );
    end if;
    return null;
end
$body$;

create or replace function {{ schema }}.local_times(value text, forms text[], is_date boolean)
returns timestamp[] language plpgsql stable parallel safe as $body$
declare
    form text;
    reading timestamp;
    readings timestamp[] := '{}';
begin
    foreach form in array forms loop
        reading := {{ schema }}.try_local_time(value, form, is_date);
        if reading is not null and not reading = any(readings) then
            readings := readings || reading;
        end if;
    end loop;
    return readings;
end
$body$;

create or replace function {{ schema }}.moment_of(local_time timestamp, zone text)
returns timestamptz language plpgsql stable parallel safe as $body$
declare
    guess constant timestamptz := local_time at time zone zone;
    day_before constant timestamptz := guess - interval '24 hours';
    day_after constant timestamptz := guess + interval '24 hours';
    earlier timestamptz;
    later timestamptz;
    is_earlier boolean;
    is_later boolean;
begin
    if zone = 'UTC' or (day_after at time zone zone) - (day_before at time zone zone) = interval '48 hours' then
        return guess;
    end if;
    {#- The clock changes nearby: read it with the offset of the day before and of the day after. #}
    earlier := (local_time - ((day_before at time zone zone) - (day_before at time zone 'UTC'))) at time zone 'UTC';
    later := (local_time - ((day_after at time zone zone) - (day_after at time zone 'UTC'))) at time zone 'UTC';
    is_earlier := earlier at time zone zone = local_time;
    is_later := later at time zone zone = local_time;
    return case when is_earlier <> is_later then case when is_earlier then earlier else later end end;
end
$body$;

create or replace function {{ schema }}.try_timestamptz_carefully(value text, forms text[], zone text)
returns timestamptz language plpgsql stable parallel safe as $body$
declare
    readings constant timestamp[] := {{ schema }}.local_times(value, forms, false);
    has_offset boolean := false;
begin
    value := btrim(value, e'{{ whitespace }}');
    if 'iso' = any(forms) and substr(value, 11) ~ '[-+Z]' then
        has_offset := %2$s;
    end if;
    return case
        when has_offset and cardinality(readings) = 0 then value::timestamptz
        when not has_offset and cardinality(readings) = 1 then {{ schema }}.moment_of(readings[1], zone)
    end;
end
$body$;

create or replace function {{ schema }}.try_timestamptz(value text, forms text[], zone text)
returns timestamptz language sql stable parallel safe as $sql$
    select case
        when 'iso' = any(forms) and %4$s then value::timestamptz
        else {{ schema }}.try_timestamptz_carefully(value, forms, zone)
    end
$sql$;

create or replace function {{ schema }}.try_date(value text, forms text[])
returns date language plpgsql stable parallel safe as $body$
declare
    readings constant timestamp[] := {{ schema }}.local_times(value, forms, true);
begin
    return case when cardinality(readings) = 1 then readings[1]::date end;
end
$body$;
{%- endmacro %}
