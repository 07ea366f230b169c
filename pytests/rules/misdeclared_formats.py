"""Formats that an entity cannot declare, and the message of each after the model's name."""

from __future__ import annotations

from typing import Any

_FORMS = (
    "allowed are iso, us, eu, excel, and patterns of YYYY, MM and DD, then HH24, MI and SS where "
    "there is a time, each once"
)
_MARKS = "allowed are '.', ',' and a list of both, where either may come"
_PATTERNS = {
    "word": "rfc2822",
    "two_digit_year": "DD.MM.YY",
    "without_day": "YYYY-MM",
    "day_twice": "DD/DD/MM/YYYY",
    "minutes_without_hours": "YYYY-MM-DD MI",
    "zone": "YYYY-MM-DDTHH24:MI:SSZ",
}

FORMATS: dict[str, tuple[dict[str, Any], str]] = {
    **{
        f"pattern_{name}": (
            {"timestamp_formats": ["iso", pattern]},
            f": timestamp_formats is '{pattern}', {_FORMS}",
        )
        for name, pattern in _PATTERNS.items()
    },
    "forms_of_text": (
        {"timestamp_formats": "iso"},
        ": timestamp_formats is 'iso', allowed is a list with at least one value",
    ),
    "no_forms": (
        {"timestamp_formats": []},
        ": timestamp_formats is '[]', allowed is a list with at least one value",
    ),
    "unknown_zone": (
        {"time_zone": "Sao Paulo"},
        ": time_zone is 'Sao Paulo', allowed are names of the IANA database such as UTC and",
    ),
    "unknown_mark": ({"decimal_mark": ";"}, f": decimal_mark is ';', {_MARKS}"),
    "mark_twice": ({"decimal_mark": [",", ","]}, f": decimal_mark is '[',', ',']', {_MARKS}"),
    "times_for_a_date": (
        {"timestamp_formats": ["YYYYMMDD HH24MI"]},
        ": column made_on is a date, and all of its timestamp_formats hold a time of day; declare "
        "one without under formats",
    ),
    "formats_of_text": (
        {"formats": "eu"},
        ": formats is 'eu', allowed is a mapping of columns to how they are written",
    ),
    "format_of_text": (
        {"formats": {"amount": ","}},
        ", formats, column amount: it is ',', allowed is a mapping such as {decimal_mark: ','}",
    ),
    "format_of_unknown_column": (
        {"formats": {"amont": {"decimal_mark": ","}}},
        ", formats: column is 'amont', allowed are id, amount, made_at, made_on",
    ),
    "format_of_a_text_column": (
        {"formats": {"id": {"sign": "leading"}}},
        ", formats, column id: its type is 'text', allowed are numbers, date and timestamptz",
    ),
    "mark_of_a_time": (
        {"formats": {"made_at": {"decimal_mark": ","}}},
        ", formats, column made_at (timestamptz): argument is 'decimal_mark', allowed are "
        "timestamp_formats, time_zone",
    ),
    "zone_of_a_date": (
        {"formats": {"made_on": {"time_zone": "UTC"}}},
        ", formats, column made_on (date): argument is 'time_zone', allowed are timestamp_formats",
    ),
    "zone_of_a_number": (
        {"formats": {"amount": {"time_zone": "UTC"}}},
        ", formats, column amount (numeric(14,2)): argument is 'time_zone', allowed are "
        "decimal_mark, number_forms, implied_decimals, sign",
    ),
    "unknown_zone_of_a_column": (
        {"formats": {"made_at": {"time_zone": "BRT"}}},
        ", formats, column made_at: time_zone is 'BRT', allowed are names of the IANA database",
    ),
    "unknown_sign": (
        {"formats": {"amount": {"sign": "trailing"}}},
        ", formats, column amount: sign is 'trailing', allowed are leading, overpunch",
    ),
    **{
        f"implied_decimals_{name}": (
            {"formats": {"amount": {"implied_decimals": given}}},
            f", formats, column amount: implied_decimals is '{given}', allowed are 0 to 2 for "
            "numeric(14,2)",
        )
        for name, given in {"of_text": "2", "negative": -1, "boolean": True, "too_many": 3}.items()
    },
    "unknown_form_of_numbers": (
        {"number_forms": ["parentheses", "words"]},
        ": number_forms is 'words', allowed are trailing_sign, parentheses, currency, apostrophes, "
        "dashes",
    ),
    "no_form_of_a_column": (
        {"formats": {"amount": {"number_forms": []}}},
        ", formats, column amount: number_forms is '[]', allowed is a list with at least one value",
    ),
    "mark_and_implied_decimals": (
        {"formats": {"amount": {"implied_decimals": 2, "decimal_mark": "."}}},
        ", formats, column amount: it needs a decimal_mark, or implied_decimals and sign, and not",
    ),
}
