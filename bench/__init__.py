"""Measures Trustgate against references of the same run; `python -m bench --help`."""
