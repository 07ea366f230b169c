{#-
    Raises a compiler error where a value is not of its kind:
    `<place>: <name> is '<value>', allowed is …`.

    Args:
        place: what the message begins with.
        name: the key or argument.
        value: value given.
        kind: name of a kind (see `_is_of_kind`), or a mapping with
            kind: name of a kind; or among: values allowed, a list or the name of a list in `known`;
            or pattern: regular expression that the whole text matches;
            most: the greatest value;
            each: kind of each value of a list;
            allowed: text for what is allowed, in place of that of the kind;
            called: name in messages, in place of the key.
        known: lists of names that kinds refer to; none in place of a list that cannot be seen.
-#}
{% macro validate_value(place, name, value, kind, known={}) -%}
    {%- set wanted = {'kind': kind} if kind is string else kind -%}
    {%- if wanted.kind == 'column' -%}
        {%- set wanted = {'among': 'columns'} -%}
    {%- elif wanted.kind == 'columns' -%}
        {%- set wanted = {'kind': 'list', 'each': 'column'} -%}
    {%- endif -%}
    {%- if wanted.among is defined -%}
        {%- set among = known.get(wanted.among) if wanted.among is string else wanted.among -%}
        {%- set is_valid = among is none or value in among -%}
        {%- set allowed = 'allowed are ' ~ (among or []) | join(', ') -%}
    {%- elif wanted.pattern is defined -%}
        {%- set is_valid = modules.re.fullmatch(wanted.pattern, value | string) is not none -%}
    {%- else -%}
        {%- set is_valid, allowed = trustgate._is_of_kind(value, wanted.kind) -%}
        {%- set is_valid = is_valid and (wanted.most is undefined or value <= wanted.most) -%}
    {%- endif -%}
    {%- if not is_valid -%}
        {%- set allowed = 'allowed ' ~ wanted.allowed if wanted.allowed is defined else allowed -%}
        {{ exceptions.raise_compiler_error(
            place ~ ': ' ~ wanted.get('called', name) ~ " is '" ~ value ~ "', " ~ allowed
        ) }}
    {%- endif -%}
    {%- if wanted.each is defined -%}
        {%- for one in ([value] if value is string else value) -%}
            {%- do trustgate.validate_value(place, name, one, wanted.each, known) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#- Whether a value is of a kind, and what the message says where it is not. -#}
{% macro _is_of_kind(value, kind) -%}
    {%- set is_sql = value is string and value | trim != '' -%}
    {%- set is_number = value is number and value is not boolean
        and value | string not in ('nan', 'inf', '-inf') -%}
    {%- set is_count = is_number and value is integer and value >= 0 -%}
    {%- set is_list = value is sequence and value is not string and value is not mapping -%}
    {%- set one_value = 'allowed is a list with at least one value' -%}
    {%- set marks = ('.', ',', ['.', ','], [',', '.']) -%}
    {{ return({
        'any': [true, ''],
        'text': [value is string and value != '', 'allowed is text'],
        'identifier': [
            modules.re.fullmatch('[a-z][a-z0-9_]{0,62}', value | string) is not none,
            'allowed are lower case letters, digits and underscores, starting with a letter',
        ],
        'name': trustgate._is_free_name(value) if kind == 'name' else none,
        'condition': [is_sql, 'allowed is an SQL condition as text'],
        'bound': [
            is_sql or is_number or value is none, 'allowed are numbers, and SQL as text'
        ],
        'boolean': [value is boolean, 'allowed are true and false, without quotes'],
        'positive': [is_number and value > 0, 'allowed are numbers above 0'],
        'amount': [is_number and value >= 0, 'allowed are numbers from 0'],
        'hours': [is_number and value >= 0, 'allowed are numbers from 0, which is never'],
        'share': [is_number and 0 <= value <= 1, 'allowed are shares from 0 to 1'],
        'count': [is_count, 'allowed are whole numbers from 0'],
        'count_from_1': [is_count and value > 0, 'allowed are whole numbers from 1'],
        'count_or_none': [
            is_count or value is none, 'allowed are none and whole numbers from 0'
        ],
        'tolerance': [
            modules.re.fullmatch(
                '\\d+(\\.\\d+)?(e[+-]?\\d+)?%?', value | string | trim
            ) is not none,
            'allowed are a number such as 0.01 or a share such as 0.5%',
        ],
        'sequence': [is_list, one_value],
        'list': [is_list and value | length > 0, one_value],
        'text_or_list': [value is string or (is_list and value | length > 0), one_value],
        'list_or_mapping': [(is_list or value is mapping) and value | length > 0, one_value],
        'mapping': [value is mapping, 'allowed is a mapping'],
        'filled_mapping': [value is mapping and value | length > 0, 'allowed is a mapping'],
        'timestamp_form': [
            kind == 'timestamp_form' and trustgate._is_timestamp_form(value | string),
            'allowed are iso, us, eu, excel, and patterns of YYYY, MM and DD, then HH24, MI and SS '
            'where there is a time, each once, and of characters -/.:,_T and blanks between them',
        ],
        'time_zone': [
            value is string and value in modules.pytz.all_timezones_set,
            'allowed are names of the IANA database such as UTC and America/Sao_Paulo',
        ],
        'decimal_mark': [
            value in marks, "allowed are '.', ',' and a list of both, where either may come"
        ],
    }[kind]) }}
{%- endmacro %}


{#- Whether a column may have this name in the SQL of base, and what the message says where not. -#}
{% macro _is_free_name(name) -%}
    {%- set reserved = (
        'all analyse analyze and any array as asc asymmetric authorization binary both case cast '
        'check collate collation column concurrently constraint create cross current_catalog '
        'current_date current_role current_schema current_time current_timestamp current_user '
        'default deferrable desc distinct do else end except false fetch for foreign freeze from '
        'full grant group having ilike in initially inner intersect into is isnull join lateral '
        'leading left like limit localtime localtimestamp natural not notnull null offset on only '
        'or order outer overlaps placing primary references returning right select session_user '
        'similar some symmetric system_user table tablesample then to trailing true union unique '
        'user using variadic verbose when where window with'
    ).split(' ') -%}
    {%- set is_ours = name in ('dq_status', 'dq_score') or name.startswith('_') -%}
    {%- set reason = 'a reserved word of PostgreSQL' if name in reserved
        else 'taken by the columns of a verdict, as are all names that begin with _' -%}
    {{ return([
        name not in reserved and not is_ours, 'which is ' ~ reason ~ '; give it another name'
    ]) }}
{%- endmacro %}


{#- Whether a form of times is known, or is a pattern of a day and perhaps of a time of day. -#}
{% macro _is_timestamp_form(form) -%}
    {%- set parts = modules.re.findall('HH24|YYYY|MM|DD|MI|SS', form) | sort -%}
    {%- set of_day, of_time = ['DD', 'MM', 'YYYY'], ['HH24', 'MI', 'SS'] -%}
    {{ return(form in ('iso', 'us', 'eu', 'excel') or (
        modules.re.fullmatch('([-/.:,_ T]|HH24|YYYY|MM|DD|MI|SS)*', form) is not none
        and form == form.strip()
        and parts in [
            of_day,
            (of_day + of_time[:1]) | sort,
            (of_day + of_time[:2]) | sort,
            (of_day + of_time) | sort,
        ]
    )) }}
{%- endmacro %}
