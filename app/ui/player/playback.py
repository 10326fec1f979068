"""Playing one video from a moment on, and noticing when the player shows nothing."""

import logging
import math
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaMetaData, QMediaPlayer, QtAudio, QVideoFrame, QVideoSink

from app.ui.widgets import formatting as fmt
from app.ui.widgets.file_urls import Alias

logger = logging.getLogger(__name__)

FIRST_FRAME_MS = 2000
"""With no picture after this much playing, the player cannot show the video: with AV1 Qt's bundled player
runs on without a picture and without an error."""

HELD_SECONDS = 0.1
"""At the end the picture this long before it is held: the very last one may have no length of its own."""


class Playback(QObject):
    """A media player that opens at a time. Times in seconds."""

    position = Signal(float)
    duration = Signal(float)
    playing = Signal(bool)
    shown = Signal()
    """The first picture of the open video has come."""
    trouble = Signal(str)
    """One sentence: it cannot be played here."""
    unopened = Signal(Path)
    """The file did not open. Why can only be told by who may wait for its disk."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._alias = Alias()
        self._at = 0.0
        self._awaiting_frame = False
        self._loading = False
        self._opening_frame = False
        self._ended = False
        self._audio = QAudioOutput(self)
        self._player = QMediaPlayer(self)
        self._player.setAudioOutput(self._audio)
        self._watch = QTimer(self, singleShot=True, interval=FIRST_FRAME_MS)
        self._watch.timeout.connect(self._on_no_frame)
        self._player.positionChanged.connect(lambda ms: self.position.emit(ms / 1000))
        self._player.durationChanged.connect(lambda ms: self.duration.emit(ms / 1000))
        self._player.playbackStateChanged.connect(self._on_state)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(self._on_error)

    def set_sink(self, sink: QVideoSink) -> None:
        """Send pictures there."""
        self._player.setVideoSink(sink)
        sink.videoFrameChanged.connect(self._on_frame, Qt.ConnectionType.QueuedConnection)

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def is_playing(self) -> bool:
        return self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState

    @property
    def seconds(self) -> float:
        return self._player.position() / 1000

    @property
    def volume(self) -> float:
        """0..1 as the slider shows it (perceived loudness)."""
        scale = QtAudio.VolumeScale
        return QtAudio.convertVolume(
            self._audio.volume(), scale.LinearVolumeScale, scale.LogarithmicVolumeScale
        )

    @property
    def muted(self) -> bool:
        return self._audio.isMuted()

    def set_volume(self, volume: float) -> None:
        scale = QtAudio.VolumeScale
        self._audio.setVolume(
            QtAudio.convertVolume(volume, scale.LogarithmicVolumeScale, scale.LinearVolumeScale)
        )

    def set_muted(self, muted: bool) -> None:
        self._audio.setMuted(muted)

    def open(self, path: Path, at: float) -> None:
        """Play the video from `at` seconds on."""
        self._at = at
        if path == self._path and self._player.mediaStatus() in _LOADED:
            self.seek(at)
            self._player.play()
            return
        self._path = path
        self._loading = True
        self._ended = False
        self._awaiting_frame = False
        self._opening_frame = False
        self._watch.stop()
        self._player.stop()
        self._player.setSource(QUrl())  # lets go of the file before its alias
        try:
            source = self._alias.of(path)
        except OSError:
            logger.exception("no other name for a file whose name is not Unicode")
            self._give_up(
                self.tr(
                    "“{name}” can’t be played here: there is no room for temporary files. Free some space."
                ).format(name=fmt.brief_name(path))
            )
            return
        self._player.setSource(QUrl.fromLocalFile(str(source)))

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self._player.pause()
            return
        if self._ended:
            self.seek(self._at)
        self._player.play()

    def pause(self) -> None:
        self._player.pause()

    def seek(self, seconds: float) -> None:
        """Go to the frame that is on at a time; out of range means the nearest end."""
        self._ended = False
        # A position in whole milliseconds that equals the start of a frame shows the frame before it.
        wanted = math.floor(seconds * 1000) + 1
        self._player.setPosition(min(max(wanted, 0), max(self._player.duration() - 1, 0)))

    def skip(self, seconds: float) -> None:
        """Go forward, or back where negative."""
        self.seek(self.seconds + seconds)

    def stop(self) -> None:
        """Stop and let go of the file."""
        self._path = None
        self._loading = False
        self._awaiting_frame = False
        self._opening_frame = False
        self._watch.stop()
        self._player.stop()
        self._player.setSource(QUrl())
        self._alias.drop()

    def _on_state(self, state: QMediaPlayer.PlaybackState) -> None:
        self.playing.emit(state == QMediaPlayer.PlaybackState.PlayingState)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        match status:
            case QMediaPlayer.MediaStatus.LoadedMedia if self._loading:
                self._loading = False
                self._open_at_start()
            case QMediaPlayer.MediaStatus.EndOfMedia if self._awaiting_frame:
                self._on_no_frame()
            case QMediaPlayer.MediaStatus.EndOfMedia if self._path is not None:
                self._hold_last_picture()

    def _open_at_start(self) -> None:
        """Let the decoder see the very first picture before anything is skipped.

        x264 says only there which encoder it was, and FFmpeg needs to know that to decode its 4:4:4 streams:
        a decoder that starts further on shows green rubbish.
        """
        if self._codec() != "H264" or self._at <= 0:
            self._go()
            return
        self._opening_frame = True
        self._watch.start()
        self._player.pause()

    def _go(self) -> None:
        """Play from where the video was opened at."""
        self._opening_frame = False
        self._awaiting_frame = True
        self._watch.start()
        self.seek(self._at)
        self._player.play()

    def _codec(self) -> str:
        return self._player.metaData().stringValue(QMediaMetaData.Key.VideoCodec)

    def _hold_last_picture(self) -> None:
        """Stand still at the end instead of going black; playing on starts at the moment again."""
        self.seek(self._player.duration() / 1000 - HELD_SECONDS)
        self._player.pause()
        self._ended = True

    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            return
        if self._opening_frame:
            self._go()
        elif self._awaiting_frame:
            self._awaiting_frame = False
            self._watch.stop()
            self.shown.emit()

    def _on_no_frame(self) -> None:
        if self._opening_frame:
            self._go()
            return
        if not self._awaiting_frame:
            return
        started = self.seconds > self._at or self._player.mediaStatus() == QMediaPlayer.MediaStatus.EndOfMedia
        if not started:
            self._watch.start()
            return
        self._give_up(
            self.tr("This player can’t show AV1 video here.")
            if self._codec() == "AV1"
            else self.tr("This player can’t show this video’s format here.")
        )

    def _on_error(self, error: QMediaPlayer.Error) -> None:
        if error == QMediaPlayer.Error.NoError or self._path is None:
            return
        path = self._path
        if error in (QMediaPlayer.Error.ResourceError, QMediaPlayer.Error.AccessDeniedError):
            self.stop()
            self.unopened.emit(path)
        else:
            self._give_up(cannot_play(path))

    def _give_up(self, sentence: str) -> None:
        self.stop()
        self.trouble.emit(sentence)


def cannot_play(path: Path) -> str:
    """What to say of a file that opens, and that this player makes nothing of."""
    return QCoreApplication.translate("Playback", "This player can’t play “{name}”.").format(
        name=fmt.brief_name(path)
    )


_LOADED = (
    QMediaPlayer.MediaStatus.LoadedMedia,
    QMediaPlayer.MediaStatus.BufferingMedia,
    QMediaPlayer.MediaStatus.BufferedMedia,
    QMediaPlayer.MediaStatus.EndOfMedia,
)
