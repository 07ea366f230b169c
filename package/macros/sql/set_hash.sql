{#-
    SQL aggregate: the hash of a set of records, whatever their order: their number and the sums of
    both 64-bit halves of each checksum, as `count:sum:sum`.

    Args: checksum: SQL of a record's md5 in hexadecimal.
-#}
{% macro set_hash(checksum) -%}
    count(*) || ':' || coalesce(sum(('x' || left({{ checksum }}, 16))::bit(64)::bigint::numeric), 0)
    || ':' || coalesce(sum(('x' || right({{ checksum }}, 16))::bit(64)::bigint::numeric), 0)
{%- endmacro %}
