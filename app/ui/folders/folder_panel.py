"""The side panel: the watched folders, adding and removing them, and the way to the problem list.

What else stands in it, other rooms add as sections.
"""

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.catalogue.records import Folder
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.folders.folder_delegate import FolderDelegate
from app.ui.folders.folder_dialog import FolderDialog, FolderPlaces
from app.ui.folders.folder_model import FolderModel
from app.ui.folders.server_name import ServerName
from app.ui.widgets import icons
from app.ui.widgets.controls import (
    ElidedButton,
    PlainLabel,
    TextButton,
    plain_tooltip,
)
from app.ui.widgets.section import FittedList, Section
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt
from app.ui.wording.problem_words import brief_headline, headline

NARROWEST = 164
"""Logical pixels a folder's name gets at least."""


class FolderList(FittedList):
    """The list itself; Delete asks to remove the current folder."""

    remove = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove.emit()
        else:
            super().keyPressEvent(event)


class FolderPanel(QWidget):
    """Says which folder the search is limited to, and what the user wants added or removed."""

    folder_chosen = Signal(object)
    """Path, or None for all folders."""
    places_wanted = Signal()
    """Where videos may lie, for the dialog: `show_dialog` follows."""
    add_wanted = Signal(Path)
    remove_wanted = Signal(Path)
    show_wanted = Signal(Path)
    problems_wanted = Signal()
    scan_wanted = Signal(int)
    """Id of a folder to be looked through again."""

    only_searches = False
    """Whether the folders are another computer's: one can search in them, and no more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = FolderModel(self)
        self._chosen: Path | None = None
        self._read_only = ""
        self.list = FolderList()
        self.list.setModel(self._model)
        self.list.setItemDelegate(FolderDelegate(theme, self.list))
        self.list.setAccessibleName(self.tr("Folders"))
        self._sections: dict[str, Section] = {}
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, Space.S)
        self._column.setSpacing(Space.M)
        self._column.addStretch(1)
        self._inside = inside = QWidget()
        inside.setObjectName("panelInside")
        inside.setLayout(self._column)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Side panel"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        self._area.setMinimumWidth(NARROWEST)
        self.add_section("folders", Section(theme, self.tr("Folders"), self.list))
        self.add = TextButton(theme, self.tr("Add folder…"), icon="folder-add")
        self.problems = ElidedButton(theme, "", kind="quiet", icon="warning")
        self.problems.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.L + Space.S, Space.M, Space.M)
        layout.setSpacing(Space.S)
        self.server = ServerName()
        layout.addLayout(self._heading())
        layout.addWidget(self.server)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.problems)
        layout.addWidget(self.add)
        self.add.clicked.connect(self.ask_for_folder)
        self.problems.clicked.connect(self.problems_wanted)
        self.list.remove.connect(self._ask_to_remove)
        self.list.menu_wanted.connect(self._show_menu)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        theme.changed.connect(self.list.viewport().update)

    def _heading(self) -> QHBoxLayout:
        mark, name = QLabel(), PlainLabel(self.tr("Reelfind"), scale="title")
        mark.setPixmap(icons.program_icon().pixmap(26, 26))
        heading = QHBoxLayout()
        heading.setSpacing(Space.S)
        heading.setContentsMargins(Space.XS, 0, 0, Space.S)
        heading.addWidget(mark)
        heading.addWidget(name, 1)
        return heading

    @property
    def chosen(self) -> Path | None:
        """The folder the search is limited to."""
        return self._chosen

    @property
    def folded(self) -> list[str]:
        """Names of the sections that are folded away."""
        return [name for name, section in self._sections.items() if not section.is_open]

    def fold(self, names: Collection[str]) -> None:
        """Fold these sections away, and open the others."""
        for name, section in self._sections.items():
            section.set_open(name not in names)

    def add_section(self, name: str, section: Section) -> None:
        """Put a section below those that are there; what is folded away is remembered by its name."""
        self._sections[name] = section
        self._column.insertWidget(self._column.count() - 1, section)
        for rows in section.findChildren(FittedList):
            rows.shown.connect(self._bring_into_view)

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """Show the folders and how many files could not be read."""
        self._model.show(contents.folders, scanning=contents.scanning, unreachable=contents.unreachable)
        self._set_read_only(contents.read_only)
        self.list.scheduleDelayedItemsLayout()
        self.list.fit()
        row = self._model.row_of(self._chosen)
        if self._model.rowCount() and self.list.currentIndex().row() != row:
            self.list.selectionModel().setCurrentIndex(
                self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        found = contents.problems, contents.unreachable
        self.problems.setVisible(bool(contents.problems.total or contents.unreachable))
        self.problems.set_full_text(brief_headline(*found))
        self.problems.setToolTip(plain_tooltip(headline(*found)))

    def ask_for_folder(self) -> None:
        """Let a person pick folders to add, once it is known where they may lie."""
        self.places_wanted.emit()

    def show_dialog(self, places: FolderPlaces) -> None:
        """Open the dialog for picking folders."""
        dialog = FolderDialog(places, self)
        dialog.picked.connect(self._add_all)
        dialog.open()

    def _add_all(self, paths: tuple[Path, ...]) -> None:
        for path in paths:
            self.add_wanted.emit(path)

    def removal_question(self, folder: Folder) -> QMessageBox:
        """The question before a folder is taken out of the library."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Remove folder"))
        box.setText(self.tr("Remove “{name}” from Reelfind?").format(name=fmt.brief_name(folder.path)))
        box.setInformativeText(
            self.tr(
                "Its moments will no longer be found. No video file is touched; you can add the folder again."
            )
        )
        remove = box.addButton(self.tr("Remove from Reelfind"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(lambda: self.remove_wanted.emit(folder.path))
        return box

    def _set_read_only(self, reason: str) -> None:
        if reason != self._read_only:
            self._read_only = reason
            self.add.setEnabled(not reason)
            self.add.setToolTip(plain_tooltip(reason))

    def _ask_to_remove(self) -> None:
        folder = self._model.folder(self.list.currentIndex().row())
        if folder is not None and not self._read_only and not self.only_searches:
            self.removal_question(folder).open()

    def _bring_into_view(self, rows: QWidget, corner: QPoint, height: int) -> None:
        """Scroll so far that a row of a list is seen."""
        place = QRect(rows.mapTo(self._inside, corner), rows.size())
        place.setHeight(height)
        self._area.ensureVisible(0, place.center().y(), 0, height)

    def menu(self, folder: Folder) -> QMenu:
        """What can be done with a folder."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if self.only_searches:
            search = menu.addAction(self.tr("Search in this folder"))
            search.triggered.connect(lambda: self.choose(folder.path))
            return menu
        show = menu.addAction(self.tr("Open folder"))
        show.setEnabled(folder.online)
        show.triggered.connect(lambda: self.show_wanted.emit(folder.path))
        search = menu.addAction(self.tr("Search in this folder"))
        search.triggered.connect(lambda: self.choose(folder.path))
        scan = menu.addAction(self.tr("Look through again"))
        scan.setEnabled(folder.online and not self._read_only)
        scan.triggered.connect(lambda: self.scan_wanted.emit(folder.id))
        menu.addSeparator()
        remove = menu.addAction(self.tr("Remove from Reelfind…"))
        remove.setEnabled(not self._read_only)
        remove.setToolTip(plain_tooltip(self._read_only))
        remove.triggered.connect(lambda: self.removal_question(folder).open())
        return menu

    def choose(self, path: Path | None) -> None:
        """Limit the search to a watched folder, or to none."""
        self.list.setCurrentIndex(self._model.index(self._model.row_of(path)))

    def _show_menu(self, index: QModelIndex, where: QPoint) -> None:
        folder = self._model.folder(index.row())
        if folder is not None:
            self.menu(folder).popup(where)

    def _on_current(self) -> None:
        row = self.list.currentIndex().row()
        if row < 0:
            return
        folder = self._model.folder(row)
        path = folder.path if folder else None
        if path != self._chosen:
            self._chosen = path
            self.folder_chosen.emit(path)
