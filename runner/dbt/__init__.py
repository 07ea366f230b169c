"""dbt: invocations, messages, packages and declarations. Only this package imports dbt."""
