{{ config(materialized='table') }}
-- depends_on: {{ ref('gate') }}
select '{{ env_var('TRUSTGATE_DATASET') }}' as dataset
{% if env_var('TEST_BROKEN_MART', '') %} from nowhere {% endif %}
