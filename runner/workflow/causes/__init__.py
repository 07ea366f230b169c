"""Likely causes: what failing records have in common and passing ones do not, and what to do.

The command line and the verdict of a run show the same explanation.
"""
