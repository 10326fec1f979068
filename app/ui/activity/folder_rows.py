"""How far each folder is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.catalogue.records import Folder
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.widgets.controls import ElidedLabel, IconButton, PlainLabel
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

BAR = 110
"""Width of a folder's bar, logical pixels."""


class FolderRow(QFrame):
    """One folder: name, place, how many of its videos are indexed."""

    rescan_wanted = Signal(int)

    def __init__(self, theme: Theme, folder: Folder) -> None:
        super().__init__()
        self.setObjectName("card")
        self.name = ElidedLabel(scale="strong")
        self.place = ElidedLabel(tone="dim", scale="small")
        self.counts = PlainLabel(scale="small")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(BAR)
        rescan = IconButton(theme, "retry", self.tr("Look through this folder again"))
        rescan.clicked.connect(lambda: self.rescan_wanted.emit(folder.id))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.name)
        names.addWidget(self.place)
        state = QVBoxLayout()
        state.setSpacing(Space.XS)
        state.addStretch()
        state.addWidget(self.counts)
        state.addWidget(self.bar)
        state.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.M)
        layout.addLayout(names, 1)
        layout.addLayout(state)
        layout.addWidget(rescan)
        self.show_folder(folder)

    def show_folder(self, folder: Folder) -> None:
        """Show its counts as they are now."""
        done = folder.videos - folder.pending
        self.name.set_full_text(fmt.file_name(folder.path))
        self.place.set_full_text(fmt.short_path(folder.path.parent))
        parts = [self.tr("{done} of {all}").format(done=fmt.count(done), all=fmt.count(folder.videos))]
        if folder.problems.total:
            parts.append(self.tr("%Ln problems", "", folder.problems.total))
        if not folder.online:
            parts.append(self.tr("not connected"))
        self.counts.setText(" · ".join(parts))
        self.bar.setRange(0, max(folder.videos, 1))
        self.bar.setValue(done if folder.videos else 1)
        self.bar.setAccessibleName(self.tr("Progress of {name}").format(name=fmt.brief_name(folder.path)))


class FolderRows(QWidget):
    """A row per watched folder; rows that stay are not made anew."""

    rescan_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: dict[tuple[int, Path], FolderRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """Show these folders."""
        before, self.rows = self.rows, {}
        for place, folder in enumerate(contents.folders):
            key = folder.id, folder.path
            row = before.pop(key, None)
            if row is None:
                row = FolderRow(self._theme, folder)
                row.rescan_wanted.connect(self.rescan_wanted)
                self._column.insertWidget(place, row)
            else:
                row.show_folder(folder)
            self.rows[key] = row
        for gone in before.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
