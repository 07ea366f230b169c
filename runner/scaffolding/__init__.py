"""The files of a new entity, as a sample of its records suggests them."""
