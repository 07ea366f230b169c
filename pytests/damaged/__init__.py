"""Damaged files, each with what must come of it."""
