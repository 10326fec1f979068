"""Sound as it comes from the feed, sent to the loudspeakers, and the time that is heard."""

from collections.abc import Callable

from PySide6.QtCore import QIODevice, QObject
from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from app.media.playing.film_feed import BYTES_PER_SECOND, FilmSoundPiece

SAMPLE_RATE = 48_000
BUFFER_SECONDS = 0.25
"""What the device is given ahead: as long as the window may be busy without a gap."""


class SoundOutput(QObject):
    """Plays pieces one after the other. Where the computer has no loudspeaker, nothing is heard."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sink: QAudioSink | None = None
        self._device: QIODevice | None = None
        self._rest = b""
        self._began: float | None = None
        """Seconds in the video of the first sample that was sent."""
        self._speed = 1.0
        self.volume = 1.0
        """0..1 as the slider shows it (perceived loudness)."""
        self.muted = False

    def look(self) -> None:
        """Ask for the loudspeaker a first time, which takes the system tens of milliseconds."""
        QMediaDevices.defaultAudioOutput()

    @property
    def available(self) -> bool:
        """Whether there is anything to hear it with."""
        return not QMediaDevices.defaultAudioOutput().isNull()

    def begin(self, speed: float) -> None:
        """What comes from now on belongs to another place in the video."""
        self.stop()
        output = QMediaDevices.defaultAudioOutput()
        if output.isNull():
            return
        shape = QAudioFormat()
        shape.setSampleRate(SAMPLE_RATE)
        shape.setChannelCount(2)
        shape.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._speed = speed
        self._sink = QAudioSink(output, shape, self)
        self._sink.setBufferSize(round(BUFFER_SECONDS * BYTES_PER_SECOND))
        self._apply_volume()
        self._device = self._sink.start()

    def stop(self) -> None:
        """Be silent, and let go of the device."""
        if self._sink is not None:
            self._sink.stop()
            self._sink.deleteLater()
        self._sink, self._device, self._rest, self._began = None, None, b"", None

    def set_paused(self, paused: bool) -> None:
        """Be silent for a while, or go on."""
        if self._sink is None:
            return
        if paused:
            self._sink.suspend()
        else:
            self._sink.resume()

    def pump(self, take: Callable[[], FilmSoundPiece | None]) -> None:
        """Send as much as the device has room for."""
        if self._sink is None or self._device is None:
            return
        while (room := self._sink.bytesFree()) > 0:
            if not self._rest:
                piece = take()
                if piece is None:
                    return
                if self._began is None:
                    self._began = piece.time
                self._rest = piece.samples
            written = self._device.write(self._rest[:room])
            if written <= 0:
                return
            self._rest = self._rest[written:]

    def heard(self) -> float | None:
        """Seconds in the video of what is heard now; None while nothing is."""
        if self._sink is None or self._began is None or self._sink.state() != QtAudio.State.ActiveState:
            return None
        return self._began + self._sink.processedUSecs() / 1e6 * self._speed

    def set_volume(self, volume: float) -> None:
        """0..1 as the slider shows it."""
        self.volume = volume
        self._apply_volume()

    def set_muted(self, muted: bool) -> None:
        self.muted = muted
        self._apply_volume()

    def _apply_volume(self) -> None:
        if self._sink is not None:
            scale = QtAudio.VolumeScale
            linear = QtAudio.convertVolume(self.volume, scale.LogarithmicVolumeScale, scale.LinearVolumeScale)
            self._sink.setVolume(0.0 if self.muted else linear)
