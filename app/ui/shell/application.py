"""Start and end of the window."""

from __future__ import annotations

import gc
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.paths import log_folder, preferences_file
from app.ui.desktop.single_instance import SingleInstance, StartRequest
from app.ui.shell.crash_log import crash_log
from app.ui.shell.error_reporter import ErrorReporter
from app.ui.shell.main_window import MainWindow
from app.ui.shell.program import Program
from app.ui.shell.termination import Termination
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets import icons

if TYPE_CHECKING:
    from app.remote_library.server_place import ServerPlace

logger = logging.getLogger(__name__)


def run(
    library: Path,
    model: Path | None = None,
    request: StartRequest | None = None,
    *,
    server: ServerPlace | None = None,
) -> int:
    """Show the window for a library until it is closed; returns the exit status.

    That is 0, or 128 and the signal's number where one asked the program to end: it closes as by its button.
    Where a window of this library is open already, that one takes the request, and this returns at once.

    Args:
        library: the library's folder; made where absent.
        model: folder of the encoder bundle, the library's own choice where None.
        request: what to search for.
        server: has the library; `library` is then the folder of what is private to this person.
    """
    with crash_log(log_folder()):
        return _run(library, model, request or StartRequest(), server)


def _run(library: Path, model: Path | None, request: StartRequest, server: ServerPlace | None) -> int:
    app = QApplication(sys.argv[:1])
    instance = SingleInstance(library, app)
    if instance.hand_over(replace(request, token=os.environ.get("XDG_ACTIVATION_TOKEN", ""))):
        return 0
    termination = Termination()
    app.setApplicationName("reelfind")
    app.setApplicationDisplayName("Reelfind")
    app.setDesktopFileName("reelfind")
    app.setWindowIcon(icons.program_icon())
    app.setQuitOnLastWindowClosed(False)
    program = Program(app, PreferenceStore(preferences_file(), app), library, model, server)
    errors = ErrorReporter(program.theme)
    errors.install()
    try:
        program.window_changed.connect(errors.belong_to)
        program.window_changed.connect(collect_calmly)
        program.broke.connect(errors.report_logged)
        program.leaving.connect(errors.keep_quiet)
        program.ended.connect(app.quit)
        termination.asked.connect(program.quit)
        instance.requested.connect(program.take)
        program.start(request)
        status = app.exec()
    finally:
        instance.close()
        errors.uninstall()
        termination.release()
    if termination.number:
        status = 128 + termination.number
    if program.window.operations.busy:
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
