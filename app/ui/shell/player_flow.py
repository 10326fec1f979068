"""From a moment that is chosen to the player and back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from app.search.outcome import Moment
from app.ui.shell.parts import Parts
from app.ui.shell.search_flow import SearchFlow
from app.ui.widgets import whereabouts


class PlayerFlow(QObject):
    """Ties the player to the results it steps through and to the window it fills."""

    full_screen_wanted = Signal(bool)

    def __init__(self, parts: Parts, search: SearchFlow, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._search = search
        self._current: Moment | None = None
        search.view_changing.connect(self.close)
        parts.results.chosen.connect(self.play)
        parts.actions.play.connect(self._play_moment)
        player = parts.player
        player.left.connect(self._leave)
        player.step_wanted.connect(self._step)
        player.full_screen_wanted.connect(self.full_screen_wanted)
        player.system_player_wanted.connect(parts.actions.play_outside)
        player.show_wanted.connect(parts.actions.show_in_folder)
        player.unopened.connect(self._look_why)

    def play(self, row: int) -> None:
        """Play the moment in a row of the results."""
        self._play_moment(self._parts.results_model.moment(row))

    def _play_moment(self, moment: Moment) -> None:
        parts = self._parts
        model = parts.results_model
        self._current = moment
        row = model.row_of(moment)
        place = ""
        if row >= 0:
            parts.results.select(row)
            place = self.tr("{n} of {m}").format(n=row + 1, m=model.rowCount())
        parts.pages.go(parts.player)
        parts.search_bar.line.hide()
        others = model.moments_of(moment.path)
        picture = parts.thumbnails.picture(moment.frame_id)
        parts.player.show_moment(moment, others, picture, place, self._obstacle(moment))
        parts.player.setFocus(Qt.FocusReason.OtherFocusReason)
        answered = self._search.answered
        parts.control.note_opened(moment.video_id, answered.text if answered else "")

    def close(self) -> None:
        """Stop what plays, where the player is on view."""
        if self._parts.pages.is_shown(self._parts.player):
            self.full_screen_wanted.emit(False)
            self._parts.player.close_video()

    def _obstacle(self, moment: Moment) -> str:
        folders = self._parts.contents.folders if self._parts.contents else ()
        folder = whereabouts.watched_folder(moment.path, folders)
        return whereabouts.state(moment.path, moment.presence, folder)

    def _look_why(self, moment: Moment) -> None:
        """Look off the GUI thread why a file does not open: its disk may take long to answer."""
        looking = self._parts.operations.run("look why", lambda: whereabouts.why_not_opened(moment.path))
        obstacle = self._obstacle(moment)
        looking.finished.connect(
            lambda found: self._parts.player.explain(moment, found and (obstacle or found))
        )

    def _step(self, by: int) -> None:
        if self._current is not None and (moment := self._parts.results_model.step(self._current, by)):
            self._play_moment(moment)

    def _leave(self) -> None:
        parts = self._parts
        self.close()
        parts.pages.go(parts.results_page)
        parts.search_bar.say(parts.search_bar.line.text())
        parts.results.enter()
