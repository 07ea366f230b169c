{#-
    Comment before each statement: what dbt says in it, and the invocation, which is the run's id.
    `tested_from` reads it in the database.

    Args: connection_name, node: as dbt hands them to a query-comment; node is none in hooks.
-#}
{% macro query_comment(connection_name, node) -%}
    {%- set comment = {
        'app': 'dbt',
        'dbt_version': dbt_version,
        'profile_name': target.get('profile_name'),
        'target_name': target.get('target_name'),
        'invocation_id': invocation_id,
    } -%}
    {%- do comment.update({'node_id': node.unique_id} if node is not none else {'connection_name': connection_name}) -%}
    {{ return(tojson(comment)) }}
{%- endmacro %}
