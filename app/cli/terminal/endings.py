"""What a command owes the terminal: signals and broken streams end it in order, with a line and a code.

Codes: 0 done, 1 the world's fault or ours, 2 bad use, 128 + the signal's number where one ended it. A
traceback goes to the log, never to the terminal (unless `REELFIND_DEBUG` is set). Loads nothing, so that it
is in force while the rest is loaded.
"""

import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NoReturn

_ENDING = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)

logger = logging.getLogger(__name__)

_received: list[int] = []
"""Signals that asked the program to end."""


class Ended(SystemExit):
    """A signal asked the program to end; passes through every `except Exception`."""


def guard_loading() -> None:
    """Until `run` takes over: a signal ends the program at once and silently, there being nothing to lose."""
    if threading.current_thread() is threading.main_thread():
        _on_signals(lambda number, _frame: os._exit(128 + number))


def open_closed_streams() -> None:
    """Let a stream that was closed by who started us be one that takes everything and gives nothing.

    A file that is opened later would else get its number, and what is printed would land in that file.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        with suppress(OSError):
            try:
                os.fstat(number)
            except OSError:
                opened = os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
                if opened != number:
                    os.dup2(opened, number)
                    os.close(opened)
            if getattr(sys, name) is None:
                setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def run(command: Callable[[], Any], log_file: Callable[[], Path | str]) -> NoReturn:
    """Run a command to its end, whatever that is, and exit with its code.

    Args:
        command: returns an exit code or None, or raises.
        log_file: where the log is.
    """
    threading.excepthook = _log_thread
    sys.unraisablehook = _log_unraisable
    _on_signals(_raise_ended)
    code = 1
    try:
        code = _code_of(command)
    except Ended as ended:
        code = _as_code(ended)
    except SystemExit as ended:
        code = _as_code(ended)
    except BaseException as error:  # noqa: BLE001 - the last resort
        code = _explain(error, log_file)
    finally:
        _on_signals(signal.SIG_IGN, always=True)  # it is over: closing down needs no second reason
    if _received:
        code = 128 + _received[0]
    sys.exit(_flushed(code))


def end_if_asked() -> None:
    """Where a signal came before and what was loading swallowed it: end now.

    Raises:
        Ended: one came.
    """
    if _received:
        raise Ended(128 + _received[0])


def complain(sentence: str) -> None:
    """One line on stderr; where that takes none, nothing."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"reelfind: {sentence}\n")
        sys.stderr.flush()


def _code_of(command: Callable[[], Any]) -> int:
    result = command()
    return result if isinstance(result, int) else 0


def _explain(error: BaseException, log_file: Callable[[], Path | str]) -> int:
    """Say what went wrong in one line; the rest goes to the log."""
    if _received or isinstance(error, KeyboardInterrupt):
        return 128 + (_received or [signal.SIGINT])[0]
    if os.environ.get("REELFIND_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, BrokenPipeError):
        return 1  # who read has gone: nobody is there to be told
    if isinstance(error, MemoryError):
        complain("There is not enough memory for this. Close other programs and try again.")
    elif isinstance(error, OSError) and _is_of_output(error):
        complain(f"The output cannot be written: {error.strerror or error}.")
        return 1
    elif isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename!r})" if error.filename else ""
        complain(f"The system refused something that is needed: {error.strerror}{where}.")
        logger.info("an error of the system", exc_info=error)
        return 1
    else:
        complain(f"Something went wrong in Reelfind. The log has the details: {log_file()}")
    with suppress(Exception):
        logger.critical("an error in Reelfind", exc_info=error)
    return 1


def _flushed(code: int) -> int:
    """Write out what is waiting; a stream that takes no more gives way to one that takes everything."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            code = code or 1
            _silence(stream)
        except (OSError, ValueError) as error:
            _silence(stream)
            if not code and stream is sys.stdout:
                complain(f"The output cannot be written: {getattr(error, 'strerror', None) or error}.")
            code = code or 1
    return code


def _is_of_output(error: BaseException) -> bool:
    """Whether it was printing that failed: click is what prints."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and str(frames[-1].f_globals.get("__name__")).startswith("click")


def _silence(stream: Any) -> None:
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def _as_code(ended: SystemExit) -> int:
    if ended.code is None:
        return 0
    if isinstance(ended.code, int):
        return ended.code
    complain(str(ended.code))
    return 1


def _raise_ended(number: int, _frame: FrameType | None) -> None:
    _received.append(number)
    raise KeyboardInterrupt if number == signal.SIGINT else Ended(128 + number)


def _on_signals(handler: Any, *, always: bool = False) -> None:
    """Handle those signals that nobody handles yet: one that is ignored (`nohup`) stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _ENDING:
        number = getattr(signal, name)
        now = signal.getsignal(number)
        ours = getattr(now, "__module__", None) in {__name__, __package__}
        if always or now in _DEFAULTS or ours:
            signal.signal(number, handler)


def _log_thread(arguments: "threading.ExceptHookArgs") -> None:
    if arguments.exc_type is not SystemExit and arguments.exc_value is not None:
        name = arguments.thread.name if arguments.thread is not None else "a thread"
        logger.error("%s ended because of an error in Reelfind", name, exc_info=arguments.exc_value)


def _log_unraisable(arguments: "sys.UnraisableHookArgs") -> None:
    error = arguments.exc_value
    if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
        return
    trace: TracebackType | None = arguments.exc_traceback
    logger.info(
        "%s: %r", arguments.err_msg or "ignored", arguments.object, exc_info=(type(error), error, trace)
    )
