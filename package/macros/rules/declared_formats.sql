{#-
    How the columns of an entity are written, checked.

    Args: place: for messages; meta: `config: meta:` of the base model (timestamp_formats, time_zone, decimal_mark,
    formats: the same for single columns, and implied_decimals and sign); columns: typed columns.
    Returns: mapping of column to its format for `parse`; columns with none are left out.
    Raises: a compiler error naming the model, the column, the value given and the values allowed.
-#}
{% macro declared_formats(place, meta, columns) -%}
    {%- set common = ['timestamp_formats', 'time_zone', 'decimal_mark'] -%}
    {%- do trustgate._refuse_unknown_forms(place, meta) -%}
    {%- set given = meta.get('formats') or {} -%}
    {%- if given is not mapping -%}
        {{ exceptions.raise_compiler_error(place ~ ": formats is '" ~ given ~ "', allowed is a mapping of columns to how they are written") }}
    {%- endif -%}
    {%- for column, words in given.items() -%}
        {%- set here = place ~ ', formats' -%}
        {%- do trustgate.refuse_unknown_word(here, 'column', column, columns.keys() | list) -%}
        {%- set here = here ~ ', column ' ~ column -%}
        {%- set type = columns[column] | lower | replace(' ', '') -%}
        {%- if words is not mapping -%}
            {{ exceptions.raise_compiler_error(here ~ ": it is '" ~ words ~ "', allowed is a mapping such as {decimal_mark: ','}") }}
        {%- elif type == 'date' -%}
            {%- do trustgate.refuse_unknown_words(here ~ ' (date)', words, ['timestamp_formats']) -%}
        {%- elif type == 'timestamptz' -%}
            {%- do trustgate.refuse_unknown_words(here ~ ' (timestamptz)', words, ['timestamp_formats', 'time_zone']) -%}
        {%- elif type.startswith('numeric') or type in ('integer', 'bigint') -%}
            {%- do trustgate.refuse_unknown_words(here ~ ' (' ~ type ~ ')', words, ['decimal_mark', 'implied_decimals', 'sign']) -%}
            {%- do trustgate._refuse_unreadable_number(here, words, type) -%}
        {%- else -%}
            {{ exceptions.raise_compiler_error(here ~ ": its type is '" ~ type ~ "', allowed are numbers, date and timestamptz") }}
        {%- endif -%}
        {%- do trustgate._refuse_unknown_forms(here, words) -%}
    {%- endfor -%}
    {%- set formats = {} -%}
    {%- for column, type in columns.items() -%}
        {%- set format = trustgate.column_format(meta, column, type) -%}
        {%- if format -%}
            {%- if format.get('timestamp_formats') == [] -%}
                {{ exceptions.raise_compiler_error(
                    place ~ ': column ' ~ column ~ ' is a date, and all of its timestamp_formats hold a time of day; declare one without under formats'
                ) }}
            {%- endif -%}
            {%- do formats.update({column: format}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(formats) }}
{%- endmacro %}


{#- Raises where forms of times, a zone or a decimal mark are not known. -#}
{% macro _refuse_unknown_forms(here, words) -%}
    {%- set forms = words.get('timestamp_formats') -%}
    {%- if forms is not none -%}
        {%- if forms is string or forms is mapping or forms is not iterable or not forms -%}
            {{ exceptions.raise_compiler_error(here ~ ": timestamp_formats is '" ~ forms ~ "', allowed is a list with at least one value") }}
        {%- endif -%}
        {%- for form in forms if form not in ('iso', 'us', 'eu') and not trustgate._is_pattern(form | string) -%}
            {{ exceptions.raise_compiler_error(
                here ~ ": timestamp_formats is '" ~ form ~ "', allowed are iso, us, eu, and patterns of YYYY, MM and DD, then HH24, MI"
                ~ ' and SS where there is a time, each once, and of characters -/.:,_T and blanks between them'
            ) }}
        {%- endfor -%}
    {%- endif -%}
    {%- if words.get('time_zone') is not none and words.time_zone not in modules.pytz.all_timezones_set -%}
        {{ exceptions.raise_compiler_error(
            here ~ ": time_zone is '" ~ words.time_zone ~ "', allowed are names of the IANA database such as UTC and America/Sao_Paulo"
        ) }}
    {%- endif -%}
    {%- set mark = words.get('decimal_mark') -%}
    {%- if mark is not none and mark not in ('.', ',', ['.', ','], [',', '.']) -%}
        {{ exceptions.raise_compiler_error(here ~ ": decimal_mark is '" ~ mark ~ "', allowed are '.', ',' and a list of both, where either may come") }}
    {%- endif -%}
{%- endmacro %}


{#- Whether a form is a pattern that says a day, and all of a time down to its smallest part, if any. -#}
{% macro _is_pattern(form) -%}
    {%- set words = modules.re.findall('HH24|YYYY|MM|DD|MI|SS', form) | sort -%}
    {%- set day = ['DD', 'MM', 'YYYY'] -%}
    {{ return(
        modules.re.fullmatch('([-/.:,_ T]|HH24|YYYY|MM|DD|MI|SS)*', form) is not none
        and form == form.strip()
        and words in [day, (day + ['HH24']) | sort, (day + ['HH24', 'MI']) | sort, (day + ['HH24', 'MI', 'SS']) | sort]
    ) }}
{%- endmacro %}


{#- Raises where implied decimals or sign of a number cannot be. -#}
{% macro _refuse_unreadable_number(here, words, type) -%}
    {%- do trustgate.refuse_unknown_word(here, 'sign', words.get('sign', 'leading'), ['leading', 'overpunch']) -%}
    {%- set sized = modules.re.fullmatch('numeric\\(\\d+,(\\d+)\\)', type) -%}
    {%- set most = sized.group(1) | int if sized else 16383 if type == 'numeric' else 0 -%}
    {%- set implied = words.get('implied_decimals', 0) -%}
    {%- if implied is not integer or implied is boolean or not 0 <= implied <= most -%}
        {{ exceptions.raise_compiler_error(here ~ ": implied_decimals is '" ~ implied ~ "', allowed are 0 to " ~ most ~ ' for ' ~ type) }}
    {%- endif -%}
    {%- if words.get('decimal_mark') is not none and (implied or words.get('sign') == 'overpunch') -%}
        {{ exceptions.raise_compiler_error(here ~ ': it needs a decimal_mark, or implied_decimals and sign, and not both') }}
    {%- endif -%}
{%- endmacro %}
