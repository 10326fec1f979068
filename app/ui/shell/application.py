"""Start and end of the window."""

import gc
import logging
import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.paths import log_folder, preferences_file
from app.ui.shell.crash_log import crash_log
from app.ui.shell.error_reporter import ErrorReporter
from app.ui.shell.main_window import MainWindow
from app.ui.shell.termination import Termination
from app.ui.widgets import icons
from app.ui.widgets.preferences import PreferenceStore
from app.ui.widgets.theme import Theme
from app.ui.widgets.window_language import Languages

logger = logging.getLogger(__name__)


def run(library: Path, model: Path | None = None) -> int:
    """Show the window for a library until it is closed; returns the exit status.

    That is 0, or 128 and the signal's number where one asked the program to end: it closes as by its button.

    Args:
        library: the library's folder; made where absent.
        model: folder of the encoder bundle, the library's own choice where None.
    """
    with crash_log(log_folder()):
        return _run(library, model)


def _run(library: Path, model: Path | None) -> int:
    app = QApplication(sys.argv[:1])
    termination = Termination()
    app.setApplicationName("reelfind")
    app.setApplicationDisplayName("Reelfind")
    app.setDesktopFileName("reelfind")
    app.setWindowIcon(icons.program_icon())
    app.setQuitOnLastWindowClosed(False)
    preferences = PreferenceStore(preferences_file(), app)
    Languages(app).use(preferences.current.language)
    theme = Theme(app)
    errors = ErrorReporter(theme)
    errors.install()
    try:
        window = MainWindow(theme, library, model, preferences)
        errors.belong_to(window)
        window.leaving.connect(errors.keep_quiet)
        window.operations.broke.connect(errors.report_logged)
        termination.asked.connect(window.close)
        window.closed.connect(app.quit)
        collect_calmly(window)
        window.show()
        window.start()
        status = app.exec()
    finally:
        errors.uninstall()
        termination.release()
    if termination.number:
        status = 128 + termination.number
    if window.operations.busy:
        # Asked and waited for, in vain: what still runs would keep the process alive. The catalogue commits
        # whole videos, so nothing is lost that was there.
        logger.error("closing took too long; ending with work under way")
        logging.shutdown()
        os._exit(1)
    return status


def collect_calmly(window: MainWindow) -> None:
    """Collect no garbage while everything is loaded, and never look through what was loaded then.

    Both would stop every thread for tens of milliseconds, several times.
    """
    gc.disable()

    def on_loaded() -> None:
        gc.freeze()
        gc.enable()

    window.control.ready.connect(on_loaded)
    window.control.broken.connect(on_loaded)
