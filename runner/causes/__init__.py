"""What failing records have in common against those that pass, and what to do about them.

Nothing here knows of Click or Rich: the command line and a console show the same explanation.
"""

from runner.causes.model import Action, Cause, CommonTrait, Explanation, FailingCheck, Group
from runner.causes.search import explain_exceptions

__all__ = [
    "Action",
    "Cause",
    "CommonTrait",
    "Explanation",
    "FailingCheck",
    "Group",
    "explain_exceptions",
]
