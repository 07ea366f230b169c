{#- SQL of when the next attempt at a record is due; null where none is left. See `retry_state`. -#}
{% macro next_retry_at(
    record_id, attempts, max_retries, last_retry_at, first_at, requested_at
) -%}
    {%- set minutes = trustgate.setting('retry_minutes') -%}
    {%- set number = 'least(' ~ attempts ~ ' + 1, ' ~ minutes | length ~ ')' -%}
    case
        when {{ requested_at }} > coalesce({{ last_retry_at }}, '-infinity') then {{ requested_at }}
        when {{ attempts }} < {{ max_retries }}
            then coalesce({{ last_retry_at }}, {{ first_at }})
                + (array[{{ minutes | join(', ') }}])[{{ number }}] * interval '1 minute'
                * (0.9 + 0.2 * ((hashtextextended(
                    {{ record_id }} || ':' || {{ attempts }},
                    {{ trustgate.setting('retry_seed') | int }}
                ) & 1023) / 1023.0))
    end
{%- endmacro %}
