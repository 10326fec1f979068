"""From a moment that is chosen to the player and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.search.outcome import Moment
from app.ui.flows.finding.search_flow import SearchFlow
from app.ui.flows.parts import Parts
from app.ui.player.overlays.evidence_map import Evidence
from app.ui.player.overlays.evidence_words import evidence_of
from app.ui.player.player_commands import IN_MENU, player_commands
from app.ui.wording import formatting as fmt
from app.ui.wording import whereabouts

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

WARM_UP_MS = 1500
"""Rest after the first results before the playing process is started ahead of time."""


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
        player.unopened.connect(self._look_why)
        player.reasons.wanted.connect(self._explain)
        player.hovered.connect(self._show_hover)
        parts.filmstrips.arrived.connect(self._on_still)
        parts.commands.add(player_commands(player), scope=player)
        player.header.set_menu([parts.commands.action(wanted) for wanted in IN_MENU])
        parts.control.opened.connect(self._on_opened)
        self._hovered: tuple[Moment, float] | None = None
        self._warm_up = QTimer(self, singleShot=True, interval=WARM_UP_MS)
        self._warm_up.timeout.connect(player.playback.warm_up)
        parts.searching.found.connect(lambda outcome: outcome.moments and self._warm_up.start())

    def _on_opened(self, session: OpenLibrary) -> None:
        self._parts.player.video_of = session.video

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
        text = answered.text if answered else ""
        parts.control.note_opened(moment.video_id, text)
        self._read_lines(moment)
        self._read_curve(moment, text)

    def stop(self) -> None:
        """Play nothing any more."""
        self._warm_up.stop()
        self._parts.player.shut_down()

    def close(self) -> None:
        """Stop what plays, where the player is on view."""
        if self._parts.pages.is_shown(self._parts.player):
            self.full_screen_wanted.emit(False)
            self._parts.player.close_video()

    def _read_lines(self, moment: Moment) -> None:
        session, player = self._parts.control.session, self._parts.player
        if session is None:
            return
        catalogue = session.catalogue
        reading = self._parts.operations.run("lines of a video", lambda: catalogue.lines(moment.video_id))
        reading.finished.connect(
            lambda lines: player.transcript.show_lines(lines) if player.moment is moment else None
        )

    def _read_curve(self, moment: Moment, text: str) -> None:
        session, player = self._parts.control.session, self._parts.player
        if session is None or not text:
            return
        reading = self._parts.operations.run(
            "match curve", lambda: session.match_curve(text, moment.video_id)
        )
        reading.finished.connect(
            lambda curve: (
                player.timeline.set_curve(curve.times.tolist(), curve.strengths.tolist())
                if player.moment is moment
                else None
            )
        )

    def _explain(self, moment: Moment) -> None:
        """Ask off the GUI thread what speaks for a moment: a picture is encoded again and again for it."""
        session, player = self._parts.control.session, self._parts.player
        answered = self._search.answered
        if session is None or answered is None:
            player.reasons.show(moment, Evidence(moment.best, "", None))
            return
        text = answered.text
        asking = self._parts.operations.run("why", lambda: evidence_of(session.why(text, moment), moment))
        asking.finished.connect(lambda found: player.reasons.show(moment, found))
        asking.failed.connect(
            lambda sentence, advice: player.reasons.show(
                moment, Evidence(moment.best, fmt.sentence(f"{sentence} {advice}".strip()), None)
            )
        )

    def _show_hover(self, moment: Moment, seconds: float) -> None:
        self._hovered = moment, seconds
        self._parts.player.show_hover(self._parts.filmstrips.picture(moment.video_id, seconds))

    def _on_still(self, video_id: int) -> None:
        if self._hovered is not None and self._hovered[0].video_id == video_id:
            moment, seconds = self._hovered
            self._parts.player.show_hover(self._parts.filmstrips.picture(moment.video_id, seconds))

    def _obstacle(self, moment: Moment) -> str:
        folders = self._parts.contents.folders if self._parts.contents else ()
        folder = whereabouts.watched_folder(moment.path, folders)
        return whereabouts.state(moment.path, moment.presence, folder)

    def _look_why(self, moment: Moment) -> None:
        """Look off the GUI thread why a file does not open: its disk may take long to answer."""
        if self._parts.control.is_elsewhere:
            self._parts.player.explain(moment, self._obstacle(moment))
            return
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
