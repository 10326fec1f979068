"""What is asked for of moments, passed on to who does it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication

from app.search.outcome import Moment
from app.ui.flows.parts import Parts
from app.ui.results.cards.card_words import place_of
from app.ui.results.moment_menu import moment_commands, moment_menu
from app.ui.system import reveal


class MomentFlow(QObject):
    """Ties `MomentActions` to the rest of the window, and the grid's menu and selection to them."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        actions = parts.actions
        actions.play_outside.connect(lambda moment: reveal.open_file(moment.path))
        actions.show_in_folder.connect(lambda moment: reveal.show_in_folder(moment.path))
        actions.copy_place.connect(self._copy_place)
        actions.index_again.connect(self._index_again)
        parts.commands.add(
            moment_commands(parts.results, parts.results_model, actions), scope=parts.results_page
        )
        parts.results.more_wanted.connect(parts.searching.want_more)
        parts.searching.extended.connect(parts.results.extend)
        parts.results.menu_wanted.connect(self._show_menu)
        parts.results_bar.command_wanted.connect(parts.commands.run)

    def _show_menu(self, place: QPoint) -> None:
        menu = moment_menu(self._parts.results, self._parts.results_model, self._parts.commands)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _copy_place(self, moment: Moment) -> None:
        QGuiApplication.clipboard().setText(place_of(moment.path, moment.best))
        self._parts.status.note(self.tr("Path and time copied"))

    def _index_again(self, moments: tuple[Moment, ...]) -> None:
        videos = frozenset(moment.video_id for moment in moments)
        self._parts.control.index_again(videos)
        self._parts.status.note(self.tr("Indexing %Ln videos again", "", len(videos)))
