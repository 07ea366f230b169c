{#- Records of purchases as received: created by dbt, filled by the bench. -#}
{{ config(alias='purchases', indexes=[{'columns': ['_record_id'], 'unique': true}, {'columns': ['_batch_id']}]) }}
{{ empty_table() }}
