"""From what is asked for of moments to what is kept about them, and the way back from each step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from app.catalogue.kept.kept_records import MarkChange, MarkKind, Wish
from app.search.outcome import Moment
from app.ui.flows.parts import Parts
from app.ui.kept.kept_entries import Entry, EntryKind
from app.ui.kept.mark_dialog import MarkDialog
from app.ui.kept.questions import ask_name
from app.ui.widgets.controls import plain_action
from app.ui.wording import formatting as fmt

Moments = Sequence[Moment]


class MarksFlow(QObject):
    """Ties `MomentActions` to what is kept."""

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        actions = parts.actions
        actions.favourite.connect(self.mark_favourite)
        actions.tag.connect(self.ask_for_tags)
        actions.collect.connect(self.collect)
        actions.hide.connect(self.hide)
        for shows in (parts.results_model, parts.player.deeds):
            parts.kept.changed.connect(
                lambda kept, shows=shows: shows.set_favourites(kept.marks.is_favourite)
            )
        parts.results.selection_changed.connect(self._name_hide)
        parts.kept.changed.connect(self._name_hide)

    def mark_favourite(self, moments: Moments, is_on: bool) -> None:
        """Make moments favourites, or not any more."""
        said = (
            self.tr("%Ln moments added to favourites.", "", len(moments))
            if is_on
            else self.tr("%Ln moments taken out of favourites.", "", len(moments))
        )
        self._change(moments, [Wish(MarkKind.FAVOURITE, is_on=is_on)], said)

    def ask_for_tags(self, moments: Moments) -> None:
        """Ask for tags, a note and collections."""
        if not moments:
            return
        only_tags = self._parts.control.is_elsewhere
        dialog = MarkDialog(
            self._parts.theme, moments, self._parts.kept.snapshot, self._window, only_tags=only_tags
        )
        saved = (
            self.tr("Tags of %Ln moments saved.", "", len(moments))
            if only_tags
            else self.tr("Tags and notes of %Ln moments saved.", "", len(moments))
        )
        dialog.wanted.connect(lambda wishes: self._change(moments, wishes, saved))
        dialog.open()

    def collect(self, moments: Moments, name: str) -> None:
        """Put moments into a collection; where none is named, ask for it."""
        if not moments:
            return
        if not name:
            self.collection_menu(moments).popup(QCursor.pos())
            return
        words = self.tr("%Ln moments added to “{name}”.", "", len(moments))
        self._change(moments, [Wish(MarkKind.COLLECTION, name)], words.format(name=fmt.one_line(name)))

    def collection_menu(self, moments: Moments) -> QMenu:
        """The collections, and a new one, to put moments into."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for each in self._parts.kept.snapshot.collections:
            action = menu.addAction(plain_action(fmt.one_line(each.name)))
            action.triggered.connect(lambda _=False, name=each.name: self.collect(moments, name))
        if not menu.isEmpty():
            menu.addSeparator()
        new = menu.addAction(self.tr("New collection…"))
        new.triggered.connect(lambda: self._ask_for_collection(moments))
        return menu

    def put_into(self, entry: Entry, moments: Moments) -> None:
        """What was dropped on a row of the side panel."""
        if entry.kind is EntryKind.FAVOURITES:
            self.mark_favourite(moments, True)
        elif entry.kind is EntryKind.COLLECTION:
            self.collect(moments, entry.name)
        elif entry.kind is EntryKind.TAG:
            words = self.tr("%Ln moments tagged “{name}”.", "", len(moments))
            said = words.format(name=fmt.one_line(entry.name))
            self._change(moments, [Wish(MarkKind.TAG, entry.name)], said)

    def hide(self, moments: Moments) -> None:
        """Let searches pass over the videos of moments; where all of them are hidden, show them again."""
        if self._are_hidden(moments):
            said = self.tr("%Ln moments can be found again.", "", len(moments))
            self._change(moments, [Wish(MarkKind.HIDDEN, is_on=False)], said)
            return
        videos = len({moment.video_id for moment in moments})
        said = self.tr("%Ln videos hidden. Searches pass over them.", "", videos)
        self._change(moments, [Wish(MarkKind.HIDDEN)], said, whole=True)

    def _name_hide(self) -> None:
        """Have the command say what it would do with what is selected."""
        again = self._are_hidden(self._parts.results.selected_moments())
        words = self.tr("Show again in searches") if again else self.tr("Hide from searches")
        self._parts.commands.action("results.hide").setText(words)

    def _are_hidden(self, moments: Moments) -> bool:
        marks = self._parts.kept.snapshot.marks
        return bool(moments) and all(marks.of(moment).hidden for moment in moments)

    def _ask_for_collection(self, moments: Moments) -> None:
        title, label = self.tr("New collection"), self.tr("Name of the collection:")
        ask_name(self._window, title, label, lambda name: self.collect(moments, name))

    def _change(self, moments: Moments, wishes: Sequence[Wish], said: str, *, whole: bool = False) -> None:
        if not moments or not wishes:
            return
        control = self._parts.control
        changing = control.change_library(
            "change marks", lambda session: session.kept.change(moments, wishes, whole=whole)
        )
        if changing is not None:
            changing.finished.connect(lambda change: self._on_changed(change, said))
            changing.failed.connect(self._parts.warn)

    def _on_changed(self, change: MarkChange, said: str) -> None:
        if change.targets:
            self._parts.undo_bar.say(said, lambda: self._take_back(change))
        self._search_again(change)

    def _take_back(self, change: MarkChange) -> None:
        undoing = self._parts.control.change_library("undo", lambda session: session.kept.take_back(change))
        if undoing is not None:
            undoing.finished.connect(lambda: self._search_again(change))
            undoing.failed.connect(self._parts.warn)

    def _search_again(self, change: MarkChange) -> None:
        """Where the answer on view follows from what is kept, it is another one now."""
        kinds = {mark.kind for mark in (*change.added, *change.removed)}
        text = self._parts.searching.text.lower()
        signs = {
            MarkKind.FAVOURITE: "is:favo",
            MarkKind.TAG: "tag:",
            MarkKind.COLLECTION: "in-collection:",
        }
        if MarkKind.HIDDEN in kinds or any(signs[kind] in text for kind in kinds if kind in signs):
            self._parts.searching.repeat()
