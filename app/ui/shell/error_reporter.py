"""Errors of ours are seen: whatever nobody caught goes to the log and to one calm dialog.

Python's hooks lead here: an exception in a slot or a virtual method (PySide hands those to `sys.excepthook`),
in a thread, in a destructor. The work goes on; the dialog says so, and offers the details.

Qt's own messages stay with Qt, which writes them to stderr. A handler in Python (`qInstallMessageHandler`)
would be called by the threads of Qt's player while the GUI thread, holding the interpreter, waits for them:
with Qt's debug messages on, playing and stopping a video hung or crashed in every run. What a fatal message
leaves behind is in the crash log.
"""

import logging
import sys
import threading
import traceback
from collections import Counter
from contextlib import suppress
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.paths import log_file
from app.ui.shell.error_dialog import ErrorDialog
from app.ui.widgets.theme import Theme

logger = logging.getLogger(__name__)

LOGGED = 5
"""The same error is logged this often: one in a paint event would fill the log."""
REMEMBERED = 200
"""Different errors of which is known how often they came."""


class ErrorReporter(QObject):
    """Takes every error that nobody caught, from any thread; lives on the GUI thread."""

    _reported = Signal(str)

    def __init__(self, theme: Theme, window: QWidget | None = None) -> None:
        """Make it; nothing is hooked before `install`.

        Args:
            theme: of the dialog.
            window: the dialog's parent; may come later, by `belong_to`.
        """
        super().__init__()
        self._theme = theme
        self._window = window
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._reporting = threading.local()
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._installed = False
        self._quiet = False
        self.dialog: ErrorDialog | None = None
        """The dialog while it is open."""
        self._reported.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def belong_to(self, window: QWidget | None) -> None:
        """Let the dialog belong to a window."""
        self._window = window

    def keep_quiet(self) -> None:
        """From now on only log: the window closes, and nobody waits for a dialog."""
        self._quiet = True
        if self.dialog is not None:
            self.dialog.close()

    def install(self) -> None:
        """Take over Python's hooks, until `uninstall`."""
        self._installed = True
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def uninstall(self) -> None:
        """Give the hooks back."""
        if self._installed:
            self._installed = False
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        if self.dialog is not None:
            self.dialog.close()

    def report(self, error: BaseException, *, logged: bool = False) -> None:
        """Log an error with its traceback, and tell the person; from any thread, never raises.

        Args:
            error: what was raised.
            logged: whether it is in the log already.
        """
        if getattr(self._reporting, "now", False):  # an error of the reporting itself
            return
        self._reporting.now = True
        try:
            text = "".join(traceback.format_exception(error))
            with self._lock:
                if len(self._seen) >= REMEMBERED:
                    self._seen.clear()
                self._seen[text] += 1
                often = self._seen[text] > LOGGED
            if not logged and not often:
                logger.error("an error in Reelfind:\n%s", text)
            self._reported.emit(text)
        except Exception:  # noqa: BLE001 - nothing is left to tell it to
            with suppress(Exception):
                traceback.print_exc()
        finally:
            self._reporting.now = False

    def report_logged(self, error: BaseException) -> None:
        """Tell the person of an error that is in the log already."""
        self.report(error, logged=True)

    def _show(self, text: str) -> None:
        if self.dialog is not None:
            self.dialog.add(text)
        elif self._installed and not self._quiet:
            try:
                self._open(text)
            except Exception:  # one that left here would be reported, and so on for ever
                self._quiet = True
                logger.exception("an error could not be shown; further ones are only logged")

    def _open(self, text: str) -> None:
        window = self._window if self._window is not None and self._window.isVisible() else None
        self.dialog = ErrorDialog(self._theme, text, log_file(), window)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.show()

    def _on_closed(self) -> None:
        self.dialog = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            self.report(error.with_traceback(trace))

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and arguments.exc_type is not SystemExit:
            name = arguments.thread.name if arguments.thread is not None else "?"
            arguments.exc_value.add_note(f"in the thread {name!r}")
            self.report(arguments.exc_value)

    def _on_unraisable(self, arguments: "sys.UnraisableHookArgs") -> None:
        """What a destructor raised concerns nobody who looks at the window: the log has it."""
        if arguments.exc_value is not None:
            logger.error(
                "%s %r", arguments.err_msg or "ignored in", arguments.object, exc_info=arguments.exc_value
            )
