{#-
    What each declaration may say: one specification a kind of declaration, for `validate`.

    A specification is a mapping with
        keys: every key the declaration may have, with the kind of its value (see `validate_value`);
        required: keys that must be given; needs: text for the message where one is missing;
        is: text for the message where something else than a mapping is given;
        keys_place: what messages about an unknown key add to their place;
        takes_none: true where a key without a value counts as not given.
    `among: <name>` refers to a list that the caller knows: columns of the model, fields of a parent
    and the like. What named checks take is in `named_checks`.
-#}
{% macro specifications() -%}
    {%- set identifying = {'among': 'columns', 'called': 'column'} -%}
    {%- set forms = {'kind': 'list', 'each': 'timestamp_form'} -%}
    {%- set number_forms = {'kind': 'list', 'each': {
        'among': ['trailing_sign', 'parentheses', 'currency', 'apostrophes', 'dashes']
    }} -%}
    {%- set dimensions = [
        'completeness', 'validity', 'accuracy', 'consistency', 'uniqueness', 'timeliness'
    ] -%}
    {%- set normalisers = ['trim', 'lower', 'upper', 'collapse_spaces'] -%}
    {%- set records = {'among': ['all', 'received', 'latest', 'promotable']} -%}
    {%- set examples = {'kind': 'sequence', 'allowed': 'is a list of examples'} -%}
    {%- set format = {'is': "a mapping such as {decimal_mark: ','}"} -%}
    {%- set sides = {
        'is': 'a mapping with source and target',
        'required': ['source', 'target'],
        'needs': 'it needs source and target',
    } -%}
    {{ return({
        'entity': {
            'keys': {
                'entity': 'any',
                'key': {'kind': 'text_or_list', 'each': identifying},
                'version': identifying,
                'gate': 'any',
                'joins': {'kind': 'mapping', 'allowed': 'is a mapping of names to joins'},
                'rules': 'sequence',
                'stamps': 'any',
                'max_retries': 'count',
                'lookups': 'any',
                'unknown_columns': 'any',
                'amount': 'any',
                'amount_reader': 'any',
                'content_hash': 'any',
                'format': 'any',
                'layer': 'any',
                'timestamp_formats': forms,
                'time_zone': 'time_zone',
                'decimal_mark': 'decimal_mark',
                'number_forms': number_forms,
                'formats': {
                    'kind': 'mapping', 'allowed': 'is a mapping of columns to how they are written'
                },
            },
            'keys_place': ', meta',
            'required': ['key'],
            'needs': 'name the column, or list the columns, that identify a record',
            'takes_none': true,
        },
        'join': {
            'keys': {
                'to': {'among': 'parents'}, 'field': {'among': 'fields'}, 'column': 'column'
            },
            'is': 'a mapping with to, field and column',
            'required': ['to', 'field', 'column'],
            'needs': 'a join needs to, field and column',
        },
        'rule': {
            'keys': {
                'id': 'identifier',
                'name': 'text',
                'column': 'column',
                'severity': {'among': ['error', 'warn']},
                'weight': 'positive',
                'dimension': {'among': dimensions},
                'message': 'text',
                'description': 'text',
                'row_condition': 'condition',
                'examples': 'any',
                'max_retries': 'count',
            },
        },
        'examples': {'keys': {'pass': examples, 'fail': examples}},
        'format_of_date': dict(format, takes_none=true, keys={'timestamp_formats': forms}),
        'format_of_time': dict(
            format, takes_none=true, keys={'timestamp_formats': forms, 'time_zone': 'time_zone'}
        ),
        'format_of_number': dict(format, keys={
            'decimal_mark': 'decimal_mark',
            'number_forms': number_forms,
            'implied_decimals': 'any',
            'sign': {'among': ['leading', 'overpunch']},
        }),
        'gate_of_records': {'keys': {
            'max_failed': 'amount', 'max_failed_rate': 'share',
            'stale_rules': {'pattern': 'allow|refuse', 'allowed': 'are allow and refuse'},
        }},
        'gate_of_mismatches': {'keys': {'max_mismatches': 'amount', 'max_mismatch_rate': 'share'}},
        'stuck_after_hours': {'keys': {'records': 'hours', 'batches': 'hours'}},
        'reconcile_rows': {'keys': {'orphans': {'among': ['report', 'ignore']}}},
        'reconcile_metrics': {
            'keys': {
                'orphans': {'among': ['report', 'source']},
                'grain': {
                    'kind': 'list_or_mapping',
                    'allowed': 'are a list of columns, or a mapping of names to source and target',
                },
                'metrics': {
                    'kind': 'filled_mapping',
                    'allowed': 'is a mapping of names to source and target',
                },
                'date': {'among': 'grain'},
                'open_days': 'count',
            },
        },
        'business_rule': {'keys': {'tolerance': 'tolerance'}},
        'side_of_rows': {
            'keys': {
                'relation': 'any',
                'entity': 'any',
                'records': records,
                'where': 'any',
                'columns': 'any',
                'many': 'boolean',
                'aggregate': 'any',
                'is_unique': 'boolean',
            },
        },
        'side_of_metrics': {
            'keys': {'relation': 'any', 'entity': 'any', 'records': records, 'where': 'any'}
        },
        'compared_column': {
            'keys': {
                'tolerance': 'tolerance',
                'normalise': {
                    'kind': 'sequence',
                    'allowed': 'is a list of ' ~ normalisers | join(', '),
                    'each': {'among': normalisers},
                },
                'ignore_null': 'boolean',
            },
            'takes_none': true,
        },
        'part_of_grain': dict(sides, keys={'source': 'any', 'target': 'any'}),
        'metric': dict(sides, keys={'source': 'any', 'target': 'any', 'tolerance': 'tolerance'}),
    }) }}
{%- endmacro %}
