"""From the side panel to collections, tags, saved searches and what else is kept, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.catalogue.kept.kept_records import MarkKind
from app.ui.background.operations import Operation
from app.ui.flows.finding.search_flow import SearchFlow
from app.ui.flows.moments.marks_flow import MarksFlow
from app.ui.flows.parts import Parts
from app.ui.kept.kept_commands import kept_commands
from app.ui.kept.kept_entries import Entry, EntryKind
from app.ui.kept.questions import ask_name, ask_to_remove
from app.ui.system.file_urls import path_of
from app.ui.widgets.command_list import Command

if TYPE_CHECKING:
    from app.keeping.library_export import Imported
    from app.open_library import OpenLibrary
    from app.session import Session

_KINDS = {EntryKind.COLLECTION: MarkKind.COLLECTION, EntryKind.TAG: MarkKind.TAG}
_NAMED = {EntryKind.COLLECTION, EntryKind.TAG, EntryKind.SEARCH}


class KeptFlow(QObject):
    """Ties the sections of the side panel to what they show and change."""

    def __init__(self, parts: Parts, search: SearchFlow, marks: MarksFlow, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._search = search
        self._marks = marks
        self._window = window
        sections = parts.kept_sections
        sections.chosen.connect(self.show_entry)
        sections.rename_wanted.connect(self.ask_to_rename)
        sections.remove_wanted.connect(self.ask_to_remove)
        sections.dropped.connect(lambda entry: marks.put_into(entry, parts.results.selected_moments()))
        sections.menu_wanted.connect(lambda entry, where: self.menu(entry).popup(where))
        sections.new_collection.clicked.connect(self.ask_for_collection)
        sections.more.clicked.connect(self._show_more)
        parts.commands.add(self._commands())
        parts.kept.changed.connect(sections.show)
        parts.kept.failed.connect(parts.warn)
        parts.control.opened.connect(parts.kept.open)
        parts.control.ready.connect(parts.kept.allow_searches)
        parts.search_bar.typed.connect(lambda text: sections.select(text.strip()))

    def _commands(self) -> list[Command]:
        parts = self._parts
        pages = parts.kept_sections
        return kept_commands(
            undo=parts.undo_bar.take_back,
            can_undo=lambda: parts.undo_bar.can_undo,
            show_favourites=lambda: self._search.ask("is:favourite"),
            show_hidden=lambda: self._search.ask("is:hidden"),
            show_duplicates=lambda: pages.chosen.emit(Entry(EntryKind.DUPLICATES, "")),
            new_collection=self.ask_for_collection,
            save_library=self.ask_to_export,
            load_library=self.ask_to_import,
            can_change=lambda: not parts.kept.snapshot.read_only,
        )

    def _show_more(self) -> None:
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for name in ("kept.export", "kept.import"):
            menu.addAction(self._parts.commands.action(name))
        button = self._parts.kept_sections.more
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def show_entry(self, entry: Entry) -> None:
        """Show what a row of the side panel stands for."""
        if entry.kind is EntryKind.SEARCH:
            looking = self._parts.control.change_library(
                "look at", lambda session: session.kept.look_at(entry.name)
            )
            if looking is not None:
                looking.failed.connect(self._parts.warn)
        if entry.query:
            self._search.ask(entry.query)
            self._parts.kept_sections.select(entry.query)

    def ask_for_collection(self) -> None:
        """Ask for the name of a collection, and make it."""
        title, label = self.tr("New collection"), self.tr("Name of the collection:")
        ask_name(self._window, title, label, self._make_collection)

    def ask_to_save_search(self) -> None:
        """Ask for a name for what is searched, and save it."""
        text = self._parts.searching.text
        if not text:
            self._parts.warn(self.tr("There is no search to save."), self.tr("Search for something first."))
            return
        title, label = self.tr("Save this search"), self.tr("Name of the search:")
        ask_name(self._window, title, label, lambda name: self._save_search(name, text), text=text)

    def ask_to_rename(self, entry: Entry) -> None:
        """Ask for another name of a collection, a tag or a saved search."""
        if not self._can_change(entry):
            return
        title, label = self.tr("Rename"), self.tr("New name:")
        ask_name(self._window, title, label, lambda name: self._rename(entry, name), text=entry.name)

    def ask_to_remove(self, entry: Entry) -> None:
        """Ask whether a collection, a tag or a saved search shall be forgotten."""
        if self._can_change(entry):
            ask_to_remove(self._window, entry, lambda: self._remove(entry))

    def _can_change(self, entry: Entry) -> bool:
        """Whether it has a name that can be another one; a server's tags keep theirs."""
        return self._has_a_name_here(entry) and not self._parts.kept.snapshot.read_only

    def _has_a_name_here(self, entry: Entry) -> bool:
        elsewhere = self._parts.control.is_elsewhere and entry.kind is not EntryKind.SEARCH
        return entry.kind in _NAMED and not elsewhere

    def menu(self, entry: Entry) -> QMenu:
        """What can be done with a row."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        show = menu.addAction(
            self.tr("Run this search") if entry.kind is EntryKind.SEARCH else self.tr("Show")
        )
        show.triggered.connect(lambda: self._parts.kept_sections.chosen.emit(entry))
        can_change = not self._parts.kept.snapshot.read_only
        if self._has_a_name_here(entry):
            rename = menu.addAction(self.tr("Rename…"))
            rename.triggered.connect(lambda: self.ask_to_rename(entry))
            delete = menu.addAction(self.tr("Delete…"))
            delete.triggered.connect(lambda: self.ask_to_remove(entry))
            for each in (rename, delete):
                each.setEnabled(can_change)
        if entry.kind is EntryKind.HIDDEN:
            again = menu.addAction(self.tr("Show all again"))
            again.setEnabled(can_change)
            again.triggered.connect(self._show_all_again)
        return menu

    def ask_to_export(self) -> None:
        """Ask for a file, and write all that is kept into it."""
        dialog = QFileDialog(self._window, self.tr("Export favourites, collections, tags and searches"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(self.tr("Reelfind library.json"))
        dialog.urlSelected.connect(self._export)
        _open(dialog, self.tr("Exported library (*.json)"))

    def ask_to_import(self) -> None:
        """Ask for a file, and put what it holds beside what is kept."""
        dialog = QFileDialog(self._window, self.tr("Import favourites, collections, tags and searches"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.urlSelected.connect(self._import)
        _open(dialog, self.tr("Exported library (*.json)"))

    def _make_collection(self, name: str) -> None:
        self._ask("make collection", lambda session: session.catalogue.make_collection(name))

    def _save_search(self, name: str, text: str) -> None:
        said = self.tr("The search is saved. New matches are counted from now on.")
        self._ask_any("save search", lambda session: session.kept.save_search(name, text), said)

    def _rename(self, entry: Entry, name: str) -> None:
        if entry.kind is EntryKind.SEARCH:
            self._ask_any("rename", lambda session: session.catalogue.rename_search(entry.name, name))
        else:
            kind = _KINDS[entry.kind]
            self._ask("rename", lambda session: session.catalogue.rename_kept(kind, entry.name, name))

    def _remove(self, entry: Entry) -> None:
        if entry.kind is EntryKind.SEARCH:
            self._ask_any("remove", lambda session: session.catalogue.remove_search(entry.name))
        else:
            kind = _KINDS[entry.kind]
            self._ask("remove", lambda session: session.catalogue.remove_kept(kind, entry.name))

    def _show_all_again(self) -> None:
        def work(session: Session) -> None:
            hidden = session.catalogue.kept(kind=MarkKind.HIDDEN)
            marks = [
                each for thing in hidden for each in session.catalogue.marks_of(thing.target.fingerprint)
            ]
            session.catalogue.change_marks((), [mark for mark in marks if mark.kind is MarkKind.HIDDEN])

        showing = self._ask("show again", work, self.tr("Everything that was hidden can be found again."))
        if showing is not None:
            showing.finished.connect(self._parts.searching.repeat)

    def _export(self, address: QUrl) -> None:
        path = path_of(address)

        def work(session: Session) -> None:
            session.kept.export_library(path, force=True)  # the dialog asked

        self._ask("export library", work, self.tr("Exported."))

    def _import(self, address: QUrl) -> None:
        path = path_of(address)

        def work(session: Session) -> Imported:
            return session.kept.import_library(path)

        importing = self._ask("import library", work)
        if importing is not None:
            importing.finished.connect(self._say_imported)

    def _say_imported(self, done: Imported) -> None:
        merged = done.merged
        new = merged.marks + merged.collections + merged.searches + merged.of_people
        self._parts.undo_bar.say(self.tr("Imported: %Ln new things.", "", new))
        self._parts.searching.repeat()

    def _ask(self, name: str, work: Callable[[Session], object], said: str = "") -> Operation | None:
        return self._follow(self._parts.control.change_here(name, work), said)

    def _ask_any(self, name: str, work: Callable[[OpenLibrary], object], said: str = "") -> None:
        """What a person keeps, whoever has the library."""
        self._follow(self._parts.control.change_library(name, work), said)

    def _follow(self, asking: Operation | None, said: str) -> Operation | None:
        if asking is not None:
            asking.failed.connect(self._parts.warn)
            if said:
                asking.finished.connect(lambda: self._parts.undo_bar.say(said))
        return asking


def _open(dialog: QFileDialog, kinds: str) -> None:
    dialog.setNameFilter(kinds)
    dialog.setDirectory(str(Path.home()))
    dialog.setModal(True)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
