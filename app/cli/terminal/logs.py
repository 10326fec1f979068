"""The log: what went wrong with all its details, for its owner alone; the terminal gets one line."""

import logging
import os
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.disk.private_files import PRIVATE, is_regular
from app.paths import log_file

_BYTES = 1 << 20
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_handlers() -> list[logging.Handler]:
    """What a command does with what is logged: errors go to the file, and without their details to stderr."""
    terminal = logging.StreamHandler(_Stderr())
    terminal.setLevel(logging.ERROR)
    terminal.addFilter(lambda record: record.levelno < logging.CRITICAL)  # those are said already
    terminal.setFormatter(_Brief("%(levelname)s %(name)s: %(message)s"))
    return [terminal, file_handler(logging.ERROR)]


def log_warnings_too() -> None:
    """Let the log take warnings as well: of the window, where nobody reads stderr."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _LogFile):
            handler.setLevel(logging.WARNING)


def place_of_log() -> str:
    """The same in words."""
    try:
        return str(log_file())
    except (OSError, RuntimeError, ValueError):
        return "nowhere: REELFIND_HOME names no folder"


def file_handler(level: int) -> logging.Handler:
    """Writes to the log from `level` on: two files of a megabyte at most, none until there is something."""
    handler = _LogFile(level)
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler


class _LogFile(logging.Handler):
    """Opens the file when it is first needed; where it cannot be written, nothing is logged and nothing said.

    A link in its place is not followed, and what is no file is left alone.
    """

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._file: RotatingFileHandler | None = None
        self._useless = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        if self._file is None and not self._useless:
            try:
                self._file = _opened(log_file())
            except (OSError, ValueError, RuntimeError):
                self._useless = True
        if self._file is not None:
            self._file.setFormatter(self.formatter)
            self._file.emit(record)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        super().close()


def _opened(path: Path) -> RotatingFileHandler:
    if not Path.home().is_dir() and path.is_relative_to(Path.home()):
        raise FileNotFoundError("there is no home folder")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in (path, path.with_name(f"{path.name}.1")):
        if os.path.lexists(file) and not is_regular(file):
            raise FileExistsError(f"{file} is no file")
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    with suppress(OSError):
        path.chmod(PRIVATE)
    handler = _Quiet(path, maxBytes=_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace")
    handler.setLevel(logging.NOTSET)
    return handler


class _Quiet(RotatingFileHandler):
    """A full disk is no reason to print a traceback."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing: there is nowhere left to say it."""

    def _open(self):  # type: ignore[no-untyped-def]
        return open(
            self.baseFilename,
            self.mode,
            encoding=self.encoding,
            errors=self.errors,
            opener=lambda name, flags: os.open(name, flags, PRIVATE),
        )


class _Brief(logging.Formatter):
    """One line without a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if record.exc_info or record.stack_info:
            return f"reelfind: {record.getMessage()}. The log has the details: {place_of_log()}"
        return super().format(record)


class _Stderr:
    """Whatever stderr is when something is written; one that is gone swallows it."""

    def write(self, text: str) -> None:
        """Write."""
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """Flush."""
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()
