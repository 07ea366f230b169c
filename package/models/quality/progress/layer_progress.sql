{#- Created and documented by dbt, written by the layers themselves. -#}
{{ config(post_hook="{{ trustgate.delete_removed_layers() }}") }}

{{ trustgate.empty_table() }}
