"""PostgreSQL: connections, profiles, the embedded server, psql and locks."""
