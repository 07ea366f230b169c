"""Databases of earlier versions, taken over by this one."""
