"""`runner exceptions`: what has to be looked at, and what people do about it."""

from runner.commands.exceptions.explain import explain
from runner.commands.exceptions.group import exceptions
from runner.commands.exceptions.look import export, list_, show, summary
from runner.commands.exceptions.retries import block, retry, unblock
from runner.commands.exceptions.work import ack, assign, ignore, reopen, resolve, start

for _command in (
    *(list_, show, summary, export, explain),
    *(ack, start, resolve, ignore, reopen, assign),
    *(block, unblock, retry),
):
    exceptions.add_command(_command)

__all__ = ["exceptions"]
