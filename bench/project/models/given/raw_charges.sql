{#- Records of charges as received: created by dbt, filled by the bench. -#}
{{ config(alias='charges', indexes=[{'columns': ['_record_id'], 'unique': true}, {'columns': ['_batch_id']}]) }}
{{ empty_table() }}
