"""Make Ctrl-C, SIGTERM and SIGHUP end a command within two seconds, whatever it is doing.

Python handles a signal in the main thread, between two instructions. A library that waits there for
the server delays it, and one that catches every exception swallows it. So a thread is woken by the
signal itself: it ends the process if the command has not ended by then, or at the second signal.
"""

import atexit
import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from types import FrameType

from runner.errors import InterruptedRunError, RunnerError

GRACE_SECONDS = 1.5
"""Time to cancel statements and to close the record of a run."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHOW_CURSOR = b"\x1b[?25h"


class _State:
    """What ends the process.

    Attributes:
        error: The error it ends with, None until something ended it.
        is_reported: Whether the command has printed that error.
        wake: File descriptor on which the watching thread is woken, None while there is none.
    """

    error: RunnerError | None = None
    is_reported: bool = False
    wake: int | None = None


_state = _State()


@contextlib.contextmanager
def interruptible(message: str = "Interrupted.", *, until_exit: bool = False) -> Iterator[None]:
    """Raise KeyboardInterrupt on each of SIGNALS that is not ignored, and watch that it works.

    Inside of another one, only the message changes.

    Args:
        message: Of the InterruptedRunError.
        until_exit: Watch until the process has ended: the interpreter waits for other threads.
    Raises: InterruptedRunError on a signal; the error given to `stop`.
    """
    try:
        with _watched(until_exit) if _state.wake is None else contextlib.nullcontext():
            yield
    except (KeyboardInterrupt, InterruptedRunError) as error:
        if _state.error is not None and not isinstance(_state.error, InterruptedRunError):
            raise _state.error from error
        raise InterruptedRunError(message) from error


def stop(error: RunnerError) -> None:
    """End the command with an error, from any thread, as a signal would."""
    import _thread

    if _state.error is None and _state.wake is not None:
        _state.error = error
        os.write(_state.wake, bytes([signal.SIGINT]))
        _thread.interrupt_main()


@contextlib.contextmanager
def _watched(until_exit: bool) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    wake, write = os.pipe()
    for end in (wake, write):
        os.set_blocking(end, False)
    watcher = threading.Thread(target=_watch, args=(wake,), name="signals", daemon=True)
    watcher.start()
    _state.error, _state.wake = None, write
    # What is ignored stays so: SIGHUP under nohup, SIGINT of a job in the background.
    numbers = [one for one in SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in numbers}
    woken_before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    if until_exit:
        # Registered first, called last: when the interpreter takes itself apart, it would set the
        # default handlers again, and end by the signal.
        atexit.register(_ignore, numbers)
    try:
        yield
    finally:
        if until_exit:
            # What is left is to exit with the code that is decided; the watcher sees to that too.
            _state.is_reported = True
            for number in numbers:
                signal.signal(number, lambda _number, _frame: None)
        else:
            signal.set_wakeup_fd(woken_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            _state.wake = None
            os.close(write)
            watcher.join()
            os.close(wake)


def _ignore(numbers: Iterable[signal.Signals]) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


def _watch(wake: int) -> None:
    """Wait for the first signal, give the command time to end, and end the process."""
    if not _next_signal(wake, None):
        return
    if _state.error is None:
        _state.error = InterruptedRunError("Interrupted.")
    if _next_signal(wake, time.monotonic() + GRACE_SECONDS) is not False:
        _end(_state.error)


def _next_signal(wake: int, until: float | None) -> bool | None:
    """Wait for one of SIGNALS.

    Returns: False if nobody can send one any more, None if none came in time.
    """
    while True:
        seconds = None if until is None else max(0.0, until - time.monotonic())
        if not select.select([wake], [], [], seconds)[0]:
            return None
        received = os.read(wake, 1)
        if not received:
            return False
        if received[0] in SIGNALS:
            return True


def _end(error: RunnerError) -> None:
    """End the process at once: the server notices, and rolls back what was not committed."""
    with contextlib.suppress(OSError):
        if os.isatty(sys.__stderr__.fileno() if sys.__stderr__ else -1):
            os.write(2, _SHOW_CURSOR)
        if not _state.is_reported:
            os.write(2, f"\n{error.message}\n".encode())
    os._exit(int(error.exit_code))
