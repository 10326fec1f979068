"""The watched folders as an item model; the first row stands for all of them."""

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.catalogue.records import Folder, UnreachablePath
from app.ui.widgets.controls import plain_tooltip
from app.ui.wording import formatting as fmt

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
CLOSED = 3
"""More folders than this that cannot be opened are only counted."""


class FolderRole(IntEnum):
    """What the delegate asks for beyond Qt's own roles."""

    FOLDER = Qt.ItemDataRole.UserRole
    """Folder, or None on the row of all folders."""
    COUNTS = Qt.ItemDataRole.UserRole + 1
    """One line about the folder's videos."""
    SHARE = Qt.ItemDataRole.UserRole + 2
    """0..1 of the videos that are done, None where all are."""
    TROUBLED = Qt.ItemDataRole.UserRole + 3
    """Whether it is not connected, or something in it cannot be opened."""


class FolderModel(QAbstractListModel):
    """Row 0 is "All folders"; then the folders in the library's order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._folders: tuple[Folder, ...] = ()
        self._scanning = False
        self._unreachable: tuple[UnreachablePath, ...] = ()

    @property
    def folders(self) -> tuple[Folder, ...]:
        return self._folders

    def show(
        self,
        folders: Sequence[Folder],
        *,
        scanning: bool = False,
        unreachable: Sequence[UnreachablePath] = (),
    ) -> None:
        """Show these folders; rows that stay keep their selection.

        While `scanning`, a folder without videos is one that may not have been looked through yet.
        """
        fresh = tuple(folders)
        self._scanning = scanning
        self._unreachable = tuple(unreachable)
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
        name = fmt.file_name(folder.path) if folder else self.tr("All folders")
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = name
            case Qt.ItemDataRole.ToolTipRole if folder:
                answer = plain_tooltip(
                    fmt.full_path(folder.path), self._counts(folder), *self._closed_words(folder)
                )
            case Qt.ItemDataRole.AccessibleTextRole:
                place = fmt.full_path(folder.path) if folder else name
                answer = f"{place}, {self._line(folder)}"
            case FolderRole.TROUBLED:
                answer = folder is not None and (not folder.online or bool(self._closed(folder)))
            case FolderRole.FOLDER:
                answer = folder
            case FolderRole.COUNTS:
                answer = self._line(folder)
            case FolderRole.SHARE if folder and folder.pending and folder.videos:
                answer = (folder.videos - folder.pending) / folder.videos
        return answer

    def _line(self, folder: Folder | None) -> str:
        return self._counts(folder) if folder else self._videos(sum(f.videos for f in self._folders))

    def _counts(self, folder: Folder) -> str:
        if not folder.online:
            return self.tr("Not connected · {videos}").format(videos=self._videos(folder.videos))
        if self._closed(folder) and not folder.pending:
            whole = any(place.path == folder.path for place in self._closed(folder))
            words = self.tr("Cannot be opened · {videos}") if whole else self.tr("Partly closed · {videos}")
            return words.format(videos=self._videos(folder.videos))
        if not folder.videos and self._scanning:
            return self.tr("Waiting…")
        if folder.pending:
            return self.tr("{done} of {videos}").format(
                done=fmt.count(folder.videos - folder.pending), videos=self._videos(folder.videos)
            )
        if folder.seconds:
            return f"{self._videos(folder.videos)} · {fmt.duration(folder.seconds)}"
        return self._videos(folder.videos)

    def _closed(self, folder: Folder) -> list[UnreachablePath]:
        return [place for place in self._unreachable if place.folder_id == folder.id]

    def _closed_words(self, folder: Folder) -> list[str]:
        """What in it could not be looked into, with the reason."""
        closed = self._closed(folder)
        if len(closed) > CLOSED:
            return [self.tr("%Ln folders in it cannot be opened.", "", len(closed))]
        return [f"{fmt.full_path(place.path)}: {fmt.sentence(place.reason)}" for place in closed]

    def _videos(self, number: int) -> str:
        return self.tr("%Ln videos", "", number)
