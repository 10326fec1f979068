"""How far the video that plays is: a clock that is kept to the sound that is heard."""

from app.media.playing.film_feed import FilmFeed
from app.ui.player.engine.playback_clock import PlaybackClock
from app.ui.player.engine.sound_output import SoundOutput

DRIFT = 0.06
"""Seconds by which the clock may differ from what is heard."""


class Pace:
    """Clock and sound of one feed, which is told of them. Times in seconds of the video."""

    def __init__(self, feed: FilmFeed, sound: SoundOutput) -> None:
        self._feed = feed
        self._sound = sound
        self._clock = PlaybackClock()

    @property
    def seconds(self) -> float:
        return self._clock.seconds

    @property
    def speed(self) -> float:
        """Seconds of the video that go by in one."""
        return self._clock.speed

    @property
    def is_running(self) -> bool:
        return self._clock.running

    def stand(self, at: float | None = None) -> None:
        """Stand still, there if given, and give up the sound that was to come."""
        self._clock.run(False)
        if at is not None:
            self._clock.set(at)
        self._sound.stop()

    def hold(self) -> None:
        """Stand still for a while; the sound that is to come is kept."""
        self._clock.run(False)
        self._sound.set_paused(True)

    def set(self, at: float) -> None:
        """Go on from there."""
        self._clock.set(at)

    def begin(self, at: float) -> None:
        """The picture is there, and with it the sound from there on."""
        self._clock.set(at)
        self._sound.begin(self._clock.speed)

    def run(self, running: bool) -> None:
        """Run, or stand still with the sound."""
        self._clock.run(running)
        self._sound.set_paused(not running)
        self.tell()

    def set_speed(self, speed: float) -> None:
        """Run at another speed; the sound that is to come is still of the one before."""
        self._clock.set_speed(speed)

    def keep(self) -> float:
        """Play the sound that is due and follow it; returns the seconds before that."""
        now = self._clock.seconds
        self._sound.pump(self._feed.take_sound)
        heard = self._sound.heard()
        if heard is not None and abs(heard - now) > DRIFT:
            self._clock.set(heard)
            self.tell()
        return now

    def tell(self) -> None:
        """Let the feed know: it leaves out what would come too late."""
        self._feed.tell_clock(self._clock.seconds, self._clock.speed if self._clock.running else 0.0)
