{#-
    SQL of the fate of a record of base, the first that applies. NULL would be a record that is not
    accounted for; the balance finds it.

    Args: version: alias of the row of base; good: alias of its key's row in stg, if any.
-#}
{% macro fate(version, good) -%}
    case
        when {{ version }}._is_duplicate then 'DUPLICATE'
        when {{ good }}._record_id = {{ version }}._record_id then 'PROMOTED'
        when {{ good }}._version_number > {{ version }}._version_number then 'SUPERSEDED'
        when {{ version }}._dq_status = 'FAILED' then 'QUARANTINED'
    end
{%- endmacro %}
