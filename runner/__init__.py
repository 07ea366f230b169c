"""Trustgate's runner: loads files, wraps one dbt invocation, explains the verdict."""

__version__ = "0.1.0"
