"""The dialog that folders of videos are picked in: one or several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QListView, QTreeView, QWidget

from app.disk.plugged_in import plugged_in
from app.paths import is_folder
from app.ui.system.file_urls import address_of


@dataclass(frozen=True, slots=True)
class FolderPlaces:
    """Where to look for folders."""

    start: Path
    """Opened first."""
    suggested: tuple[Path, ...] = ()
    """Offered beside it: the home folder, disks that are plugged in."""


def find_places(videos: Path, watched: Sequence[Path]) -> FolderPlaces:
    """Where folders may be picked; touches the disks, so not for the GUI thread.

    Args:
        videos: the system's folder of videos; opened first unless it is watched already or absent.
        watched: the library's folders; beside the last of them is looked otherwise.
    """
    home = Path.home()
    last = watched[-1].parent if watched else home
    wanted = [videos, last, home] if videos not in watched else [last, videos, home]
    there = [path for path in dict.fromkeys(wanted) if is_folder(path)]
    start, *others = there or [home]
    return FolderPlaces(start, tuple(dict.fromkeys([*others, *plugged_in()])))


class FolderDialog(QFileDialog):
    """Opens where videos are. Qt's own dialog: those of the systems let one folder be picked at a time."""

    picked = Signal(object)
    """Paths of folders, a tuple."""

    def __init__(self, places: FolderPlaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add folders of videos"))
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Add"))
        self.setDirectory(str(places.start))
        self.setSidebarUrls([address_of(path) for path in (places.start, *places.suggested)])
        several = QAbstractItemView.SelectionMode.ExtendedSelection
        for view in (*self.findChildren(QListView, "listView"), *self.findChildren(QTreeView)):
            view.setSelectionMode(several)
        for row in (
            *self.findChildren(QWidget, "fileTypeLabel"),
            *self.findChildren(QWidget, "fileTypeCombo"),
        ):
            row.hide()  # there is but one type: folders
        self.accepted.connect(lambda: self.picked.emit(_without_nested(self.selectedFiles())))


def _without_nested(chosen: Sequence[str]) -> tuple[Path, ...]:
    """The folders that were chosen; one in another one is a part of it."""
    paths = [Path(each) for each in chosen]
    return tuple(
        path for path in paths if not any(other != path and path.is_relative_to(other) for other in paths)
    )
