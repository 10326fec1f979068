"""Why the moment on view was found, over its picture."""

from PySide6.QtCore import QObject, Signal

from app.search.outcome import Moment
from app.ui.player.engine.playback import Playback
from app.ui.player.overlays.evidence_map import Evidence
from app.ui.player.player_header import PlayerHeader
from app.ui.player.video_area import VideoArea


class MomentReasons(QObject):
    """What speaks for a moment, or its picture alone; shown while the video stands still."""

    wanted = Signal(Moment)
    """What speaks for it is asked for: `show`."""

    def __init__(self, playback: Playback, stage: VideoArea, header: PlayerHeader, parent: QObject) -> None:
        super().__init__(parent)
        self._playback = playback
        self._stage = stage
        self._header = header
        self._moment: Moment | None = None
        self._are_shown = False
        header.why_wanted.connect(self.toggle)

    def set_moment(self, moment: Moment | None) -> None:
        """Show another moment's picture alone."""
        self._moment = moment
        self.hide()

    def toggle(self) -> None:
        """Show what speaks for the moment, or the picture alone."""
        if self._are_shown or self._moment is None or self._playback.path is None:
            self.hide()
            return
        self._are_shown = True
        self._header.why.setChecked(True)
        self._playback.pause()
        self._playback.seek(self._moment.best)
        self.wanted.emit(self._moment)

    def show(self, moment: Moment, found: Evidence) -> None:
        """Say what speaks for the moment, if that is still wanted, and light the places that do."""
        if moment == self._moment and self._are_shown:
            self._playback.seek(found.time)
            self._stage.say_note(found.words)
            self._stage.show_evidence(found.shares, found.area)

    def hide(self) -> None:
        """Show the picture alone."""
        self._header.why.setChecked(False)
        if self._are_shown:
            self._are_shown = False
            self._stage.say_note("")
            self._stage.show_evidence(None)
