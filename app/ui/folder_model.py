"""The watched folders as an item model; the first row stands for all of them."""

import html
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.library.records import Folder
from app.ui import format as fmt

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Role(IntEnum):
    """What the delegate asks for beyond Qt's own roles."""

    FOLDER = Qt.ItemDataRole.UserRole
    """Folder, or None on the row of all folders."""
    COUNTS = Qt.ItemDataRole.UserRole + 1
    """One line about the folder's videos."""
    SHARE = Qt.ItemDataRole.UserRole + 2
    """0..1 of the videos that are done, None where all are."""


class FolderModel(QAbstractListModel):
    """Row 0 is "All folders"; then the folders in the library's order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._folders: tuple[Folder, ...] = ()
        self._scanning = False

    @property
    def folders(self) -> tuple[Folder, ...]:
        return self._folders

    def show(self, folders: Sequence[Folder], *, scanning: bool = False) -> None:
        """Show these folders; rows that stay keep their selection.

        While `scanning`, a folder without videos is one that may not have been looked through yet.
        """
        fresh = tuple(folders)
        self._scanning = scanning
        if [folder.path for folder in fresh] == [folder.path for folder in self._folders]:
            self._folders = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh)))
            return
        self.beginResetModel()
        self._folders = fresh
        self.endResetModel()

    def row_of(self, path: Path | None) -> int:
        """The row of a folder; row 0 where it is None or unknown."""
        return next((row for row, folder in enumerate(self._folders, start=1) if folder.path == path), 0)

    def folder(self, row: int) -> Folder | None:
        """The folder of a row, None for all."""
        return self._folders[row - 1] if row > 0 else None

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() or not self._folders else len(self._folders) + 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        folder = self.folder(index.row())
        name = (folder.path.name or str(folder.path)) if folder else self.tr("All folders")
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = name
            case Qt.ItemDataRole.ToolTipRole if folder:
                answer = f"<qt>{html.escape(str(folder.path))}<br>{html.escape(self._counts(folder))}</qt>"
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = f"{folder.path if folder else name}, {self._line(folder)}"
            case Role.FOLDER:
                answer = folder
            case Role.COUNTS:
                answer = self._line(folder)
            case Role.SHARE if folder and folder.pending and folder.videos:
                answer = (folder.videos - folder.pending) / folder.videos
        return answer

    def _line(self, folder: Folder | None) -> str:
        return self._counts(folder) if folder else self._videos(sum(f.videos for f in self._folders))

    def _counts(self, folder: Folder) -> str:
        if not folder.online:
            return self.tr("Not connected · {videos}").format(videos=self._videos(folder.videos))
        if not folder.videos and self._scanning:
            return self.tr("Waiting…")
        if folder.pending:
            return self.tr("{done} of {videos}").format(
                done=fmt.count(folder.videos - folder.pending), videos=self._videos(folder.videos)
            )
        if folder.seconds:
            return f"{self._videos(folder.videos)} · {fmt.duration(folder.seconds)}"
        return self._videos(folder.videos)

    def _videos(self, number: int) -> str:
        return fmt.counted(number, self.tr("video"), self.tr("videos"))
