"""Handing a file to the desktop: open it, or show it in the file manager. Never through a shell."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess
from PySide6.QtGui import QDesktopServices

from app.ui.system.file_urls import address_of


def open_file(path: Path) -> bool:
    """Open a file or a folder in the system's own program; returns whether the desktop took it."""
    return QDesktopServices.openUrl(address_of(path))


def open_own_folder(folder: Path) -> bool:
    """Open a folder of the program's own, the one above it while it is not there yet."""
    return open_file(folder if folder.is_dir() else folder.parent)


def show_in_folder(path: Path) -> bool:
    """Show a file in the file manager, selected where the system can; returns whether the desktop took it."""
    match sys.platform:
        case "win32":
            return QProcess.startDetached("explorer.exe", ["/select,", str(path)])[0]
        case "darwin":
            return QProcess.startDetached("/usr/bin/open", ["-R", str(path)])[0]
        case _:
            return open_file(path.parent)
