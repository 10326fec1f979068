"""Playing one video from a moment on: pictures when they are due, sound, or a sentence in their place."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from app.media.playing.byte_source import ByteSource
from app.media.playing.film_feed import FilmEnd, FilmFacts, FilmFeed, FilmPicture
from app.ui.player.engine.lag_meter import LagMeter
from app.ui.player.engine.pace import Pace
from app.ui.player.engine.playback_words import cannot_play, note_on_end
from app.ui.player.engine.silence import Silence
from app.ui.player.engine.sound_output import SoundOutput
from app.ui.player.engine.stream_end import last_second
from app.ui.wording import formatting as fmt

TICK_MS = 8
"""How often is looked whether a picture is due."""
TELL_MS = 40
"""How often the position is told while it plays."""
STARVED = 1.0
"""Seconds that pictures may be late before the clock waits for them."""
STEP = 0.001
"""Seconds before a picture begins, at which the one before it is on."""
LARGEST = QSize(1920, 1080)
"""Pictures are not asked for larger than this: of those the screen shows larger ones, scaled."""


class Playback(QObject):
    """Plays what a `FilmFeed` gives. Times in seconds."""

    position = Signal(float)
    duration = Signal(float)
    playing = Signal(bool)
    shown = Signal()
    """The first picture of the open video has come."""
    pictured = Signal(object, float)
    """QImage that is on from now on, and its own time. Its pixels are the feed's: copy what is to stay."""
    chapters = Signal(object)
    """(seconds, title) of each chapter of the file."""
    trouble = Signal(str)
    """One sentence: it cannot be played here."""
    noted = Signal(str)
    """One sentence about what plays; empty where there is nothing to say."""
    silent = Signal()
    """For some seconds there was no sign of life: the disk may not answer."""
    unopened = Signal(Path)
    """The file did not open. Why can only be told by who may wait for its disk."""
    speed_changed = Signal(float)
    _news = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._moment_at = 0.0
        self._at = 0.0
        """Where the picture that is waited for is on."""
        self._waiting = False
        self._next_seek: float | None = None
        """Where to go once the picture has come that is on its way: while the knob is dragged."""
        self._source: ByteSource | None = None
        """What reads the video, where it lies on another computer."""
        self._broke_off: float | None = None
        """Where it broke off for a reason that passes; None where it did not."""
        self._wants_to_play = False
        self._shown = False
        self._ended = False
        self._starved = False
        self._facts: FilmFacts | None = None
        self._held: FilmPicture | None = None
        """The picture on view."""
        self._loop: tuple[float, float] | None = None
        self._told = 0.0
        self._lag = LagMeter()
        self._box = QSize(640, 360)
        self.sound = SoundOutput(self)
        """How loud it is."""
        self._feed = FilmFeed(self._news.emit)
        self._pace = Pace(self._feed, self.sound)
        self._news.connect(self._on_news, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self._feed.close)  # whoever forgot to shut it down
        self._ticks = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tick)
        self._silence = Silence(self, self._feed)
        self._silence.lasts.connect(self.silent)

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def is_playing(self) -> bool:
        return self._wants_to_play and self._path is not None

    @property
    def is_waiting(self) -> bool:
        """Whether a picture is on its way."""
        return self._waiting

    @property
    def is_ready(self) -> bool:
        """Whether the next picture is there."""
        return not self._waiting and self._feed.next_time() is not None

    @property
    def seconds(self) -> float:
        return self._at if self._waiting else self._pace.seconds

    @property
    def picture_time(self) -> float:
        """When the picture on view begins."""
        return self._held.time if self._held else self._at

    @property
    def length(self) -> float:
        """Of the video; 0 while it is not known."""
        return self._facts.duration if self._facts else 0.0

    @property
    def speed(self) -> float:
        return self._pace.speed

    def warm_up(self) -> None:
        """Get ready, so that the first video opens sooner."""
        self._feed.warm_up()
        self.sound.look()

    def open(self, path: Path, at: float, source: ByteSource | None = None) -> None:
        """Play the video from `at` seconds on; `source` reads it where it lies on another computer."""
        self._moment_at = at
        self._source = source
        self._broke_off = None
        self._loop = None
        self._set_playing(True)
        if path == self._path and self._shown:
            self.seek(at)
            return
        self._path = path
        self._shown = False
        self._facts = None
        self._next_seek = None
        self.noted.emit("")
        self._go_to(at)

    def toggle(self) -> None:
        """Play or pause."""
        if self._path is None:
            return
        if self._wants_to_play:
            self.pause()
            return
        self._set_playing(True)
        if self._ended:
            self.seek(self._moment_at if self._broke_off is None else self._broke_off)
        elif not self._waiting:
            self._run(True)

    def go_on(self) -> None:
        """Play on where it broke off; nothing where it did not."""
        if self._broke_off is not None and not self._wants_to_play:
            self.toggle()

    def pause(self) -> None:
        """Stand still."""
        self._broke_off = None
        self._set_playing(False)
        self._run(False)

    def seek(self, seconds: float) -> None:
        """Go to the picture that is on at a time; out of range means the nearest end."""
        if self._path is None:
            return
        wanted = max(seconds, 0.0)
        if self.length > 0:
            wanted = min(wanted, self.length)
        if self._waiting and self._shown:
            self._next_seek = wanted
            self.position.emit(wanted)
            return
        self._go_to(wanted)

    def skip(self, seconds: float) -> None:
        """Go forward, or back where negative."""
        self.seek((self.seconds if self._next_seek is None else self._next_seek) + seconds)

    def step(self, by: int) -> None:
        """Pause at the next picture, or at the one before where negative."""
        if self._path is None or self._waiting:
            return
        self.pause()
        if by < 0:
            self.seek(self.picture_time - STEP)
            return
        picture = self._feed.take_picture()
        if picture is not None:
            self._show(picture)
            self._pace.set(picture.time)
            self.position.emit(picture.time)

    def set_speed(self, speed: float) -> None:
        """Play slower or quicker; the pitch of the sound stays."""
        if speed == self._pace.speed:
            return
        self._pace.set_speed(speed)
        self.speed_changed.emit(speed)
        if self._path is not None and self._facts is not None and self._facts.has_sound:
            self.seek(self.seconds)
        else:
            self._pace.tell()

    def set_loop(self, span: tuple[float, float] | None) -> None:
        """Play this span again and again; go on as usual where None."""
        self._loop = span
        if span is not None and not span[0] <= self.seconds < span[1]:
            self.seek(span[0])

    def set_box(self, pixels: QSize) -> None:
        """Pictures are shown as large as this from now on."""
        box = pixels.boundedTo(LARGEST) if pixels.width() > LARGEST.width() else pixels
        box = box.expandedTo(QSize(16, 16))
        if box == self._box:
            return
        self._box = box
        self._feed.resize((box.width(), box.height()))
        if self._path is not None and self._shown and not self._wants_to_play:
            self.seek(self.seconds)

    def stop(self) -> None:
        """Stop and let go of the file."""
        if self._path is not None:
            self._feed.rest()
        self._path = None
        self._waiting = self._shown = self._ended = self._starved = False
        self._next_seek, self._held, self._loop, self._broke_off = None, None, None, None
        self._pace.stand()
        self._ticks.stop()
        self._silence.stop()
        self._set_playing(False)

    def shut_down(self) -> None:
        """Stop, and play nothing any more."""
        self.stop()
        self._feed.close()

    def _go_to(self, at: float) -> None:
        if self._path is None:
            return
        self._at = at
        self._waiting, self._ended, self._starved = True, False, False
        self._pace.stand(at)
        box = self._box.width(), self._box.height()
        self._feed.play(
            self._source or self._path, at, box, speed=self._pace.speed, sound=self.sound.available
        )
        self._silence.start()
        self._ticks.start()
        self.position.emit(at)

    def _on_news(self) -> None:
        if self._path is None:
            return
        if self._silence.isActive():
            self._silence.start()
        if self._facts is None and (facts := self._feed.facts()) is not None:
            self._facts = facts
            self.duration.emit(facts.duration)
            self.chapters.emit(facts.chapters)
        if self._waiting or self._starved:
            self._tick()

    def _tick(self) -> None:
        if self._waiting:
            self._await_picture()
            return
        now = self._pace.seconds
        picture = None
        while (due := self._feed.next_time()) is not None and (due <= now or self._starved):
            self._count(0, int(picture is not None))
            picture = self._feed.take_picture()
            if self._starved and picture is not None:
                self._end_starving(picture.time)
                break
        if picture is not None:
            self._count(1, picture.dropped)
            self._show(picture)
        if self._pace.is_running:
            self._keep_time()

    def _await_picture(self) -> None:
        picture = self._feed.take_picture()
        if picture is None:
            end = self._feed.end()
            if end is not None:
                self._on_nothing(end)
            return
        self._waiting = False
        if self._wants_to_play:
            self._broke_off = None
        self._silence.stop()
        self._pace.set(self._at)
        self._lag.restart()
        self._show(picture)
        if not self._shown:
            self._shown = True
            self.shown.emit()
        wanted, self._next_seek = self._next_seek, None
        if wanted is not None:
            self._go_to(wanted)
        else:
            self._pace.begin(self._at)
            self._run(self._wants_to_play)

    def _keep_time(self) -> None:
        now = self._pace.keep()
        if time.monotonic() - self._told > TELL_MS / 1000:
            self._told = time.monotonic()
            self.position.emit(now)
        if self._loop is not None and now >= self._loop[1]:
            self._go_to(self._loop[0])
            return
        if self._feed.next_time() is not None:
            return
        end = self._feed.end()
        if end is None:
            if now - self.picture_time > STARVED:
                self._starve()
        elif now >= last_second(end, self._facts):
            self._on_end(end, self.picture_time)

    def _on_end(self, end: FilmEnd, at: float) -> None:
        """Stand still at the end instead of going black; playing on starts at the moment again.

        Where it broke off for a reason that passes, it starts at that time, `at`.
        """
        if self._loop is not None:
            self._go_to(self._loop[0])
            return
        self._ended = True
        was_played = self._wants_to_play or self._broke_off is not None
        self.pause()
        if end.refused and end.is_passing and was_played:
            self._broke_off = at
        if note := note_on_end(end, self._facts):
            self.noted.emit(note)

    def _on_nothing(self, end: FilmEnd) -> None:
        path = self._path
        if path is None:
            return
        if self._shown:  # there is no picture so late
            self._waiting = False
            self._silence.stop()
            self._on_end(end, self._at)
            return
        self.stop()
        if end.is_passing and self._source is None:
            self.unopened.emit(path)
        else:
            self.trouble.emit(fmt.sentence(end.refused) or cannot_play(path))

    def _starve(self) -> None:
        self._starved = True
        self._pace.hold()
        self._silence.start()

    def _end_starving(self, at: float) -> None:
        self._starved = False
        self._silence.stop()
        self._pace.set(at)
        self._run(self._wants_to_play)

    def _show(self, picture: FilmPicture) -> None:
        self._held = picture
        image = QImage(
            picture.pixels, picture.width, picture.height, 4 * picture.width, QImage.Format.Format_RGB32
        )
        self.pictured.emit(image, picture.time)

    def _count(self, shown: int, left_out: int) -> None:
        """Say quietly where this computer cannot show every picture."""
        lags = self._lag.count(shown=shown, left_out=left_out)
        if lags is not None:
            self.noted.emit(self.tr("Pictures are left out: this computer can’t keep up.") if lags else "")

    def _run(self, running: bool) -> None:
        running = running and not self._waiting and not self._starved
        self._pace.run(running)
        if running:
            self._ticks.start()
        elif not self._waiting:
            self._ticks.stop()
            self.position.emit(self._pace.seconds)

    def _set_playing(self, playing: bool) -> None:
        if playing != self._wants_to_play:
            self._wants_to_play = playing
            self.playing.emit(playing)
