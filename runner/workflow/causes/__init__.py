"""What failing records have in common against those that pass, and what to do about them.

Nothing here knows of Click or Rich: the command line and a console show the same explanation.
"""
