"""dbt: invocations, what the project declares, and its packages. Only this package imports dbt."""
