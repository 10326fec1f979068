"""What is said and written in the video: beside its picture, and on it."""

from PySide6.QtCore import QObject

from app.ui.player.engine.playback import Playback
from app.ui.player.player_controls import PlayerControls
from app.ui.player.player_header import PlayerHeader
from app.ui.player.transcript import Transcript
from app.ui.player.video_area import VideoArea


class ShownWords(QObject):
    """Whether the transcript and the captions are shown; both follow what plays."""

    def __init__(
        self,
        playback: Playback,
        transcript: Transcript,
        stage: VideoArea,
        header: PlayerHeader,
        controls: PlayerControls,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._playback = playback
        self._transcript = transcript
        self._stage = stage
        self._header = header
        self._controls = controls
        self._captions = False
        transcript.hide()
        transcript.closed.connect(self.toggle_transcript)
        header.transcript_wanted.connect(self.toggle_transcript)
        controls.captions_wanted.connect(self.toggle_captions)
        playback.position.connect(self._follow)

    @property
    def captions_shown(self) -> bool:
        return self._captions

    def toggle_transcript(self) -> None:
        self.show_transcript(shown=self._transcript.isHidden())

    def show_transcript(self, *, shown: bool) -> None:
        """Show what is said and written beside the picture, or not."""
        self._transcript.setVisible(shown)
        self._header.transcript.setChecked(shown)
        if shown:
            self._transcript.set_position(self._playback.seconds)

    def toggle_captions(self) -> None:
        self.show_captions(shown=not self._captions)

    def show_captions(self, *, shown: bool) -> None:
        """Write what is said on the picture, or not."""
        self._captions = shown
        self._controls.captions.setChecked(shown)
        self._caption(self._playback.seconds)

    def _follow(self, seconds: float) -> None:
        if not self._transcript.isHidden():
            self._transcript.set_position(seconds)
        self._caption(seconds)

    def _caption(self, seconds: float) -> None:
        self._stage.say_caption(self._transcript.caption_at(seconds) if self._captions else "")
