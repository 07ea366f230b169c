"""`runner exceptions`: list, triage and resolve exceptions."""

from runner.commands.exceptions.explain import explain
from runner.commands.exceptions.group import exceptions
from runner.commands.exceptions.log import log
from runner.commands.exceptions.read import export, list_, show, summary
from runner.commands.exceptions.retries import block, retry, unblock
from runner.commands.exceptions.work import ack, assign, ignore, reopen, resolve, start

for _command in (
    *(list_, show, summary, export, explain),
    *(ack, start, resolve, ignore, reopen, assign),
    *(block, unblock, retry, log),
):
    exceptions.add_command(_command)

__all__ = ["exceptions"]
