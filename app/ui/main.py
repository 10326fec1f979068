"""Start and end of the window."""

import logging
import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.ui import icons
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

log = logging.getLogger(__name__)


def run(library: Path, model: Path | None = None) -> int:
    """Show the window for a library until it is closed; returns the exit status.

    Args:
        library: the library's folder; made where absent.
        model: folder of the encoder bundle, the library's own choice where None.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("reelfind")
    app.setApplicationDisplayName("Reelfind")
    app.setDesktopFileName("reelfind")
    app.setWindowIcon(icons.program_icon())
    app.setQuitOnLastWindowClosed(False)
    window = MainWindow(Theme(app), library, model)
    window.closed.connect(app.quit)
    window.show()
    window.start()
    status = app.exec()
    if window.operations.busy:
        # Asked and waited for, in vain: what still runs would keep the process alive. The catalogue commits
        # whole videos, so nothing is lost that was there.
        log.error("closing took too long; ending with work under way")
        logging.shutdown()
        os._exit(1)
    return status
