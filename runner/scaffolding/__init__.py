"""The files of a new entity, derived from a sample of its records."""
