"""The command line of Trustgate: loads files, runs dbt, explains the verdict."""

__version__ = "0.1.0"
