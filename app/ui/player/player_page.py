"""The player's page: a moment of a video, played from its best frame on."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.media.playing.byte_source import ByteSource
from app.search.outcome import Moment
from app.ui.player.engine.playback import Playback
from app.ui.player.engine.playback_words import cannot_play
from app.ui.player.engine.speeds import next_speed
from app.ui.player.moment_deeds import MomentDeeds
from app.ui.player.moment_reasons import MomentReasons
from app.ui.player.moment_span import MomentSpan
from app.ui.player.overlays.fading_bar import FadingBar
from app.ui.player.overlays.hover_picture import HoverPicture
from app.ui.player.player_controls import PlayerControls
from app.ui.player.player_header import PlayerHeader
from app.ui.player.seek_bar import SeekBar
from app.ui.player.shown_words import ShownWords
from app.ui.player.transcript import NARROWEST, WIDEST, Transcript
from app.ui.player.video_area import VideoArea
from app.ui.widgets.moment_actions import MomentActions
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt
from app.ui.wording import whereabouts

SKIP = 5.0
SMALL_SKIP = 1.0
"""Seconds that an arrow key skips, without and with Shift."""
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PlayerPage(QWidget):
    """Left and right skip, up and down change the moment; the rest is in `player_commands`."""

    left = Signal()
    step_wanted = Signal(int)
    """+1 for the next moment, -1 for the one before."""
    full_screen_wanted = Signal(bool)
    unopened = Signal(Moment)
    """The file did not open, or is not expected to: `explain` or `play` once it is known how it stands."""
    hovered = Signal(Moment, float)
    """The pointer is over a time of the timeline: `show_hover`."""

    def __init__(self, theme: Theme, actions: MomentActions | None = None) -> None:
        super().__init__()
        self._moment: Moment | None = None
        self._tried = False
        """Whether opening the moment's file was tried."""
        self._hover: tuple[float, float] | None = None
        self._chapters: tuple[tuple[float, str], ...] = ()
        self._full_screen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Player"))
        self.playback = Playback(self)
        self.video_of: Callable[[Moment], ByteSource | None] = lambda _: None
        """What reads a moment's video where it lies on another computer; None where its path opens."""
        self.stage = VideoArea(theme)
        self.timeline = SeekBar(theme)
        self.transcript = Transcript(theme)
        self.controls = PlayerControls(theme)
        self.header = PlayerHeader(theme)
        self.span = MomentSpan(self.playback, self.timeline, self)
        self.reasons = MomentReasons(self.playback, self.stage, self.header, self)
        self.words = ShownWords(self.playback, self.transcript, self.stage, self.header, self.controls, self)
        self.deeds = MomentDeeds(actions or MomentActions(self), self.span, self.playback, self)
        self._arrange()
        self.hover_picture = HoverPicture(self)
        self.fading = FadingBar(theme, self._bar, self)
        # One click plays or pauses, once it is certain that it is not the first half of a double click.
        self._click = QTimer(self, singleShot=True, interval=220)
        self._click.timeout.connect(self.playback.toggle)
        self._connect_playback()
        self._connect_parts()
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    @property
    def moment(self) -> Moment | None:
        return self._moment

    @property
    def adjusted(self) -> Moment | None:
        """The moment as its ends were moved: what is exported and kept."""
        return self.span.adjusted

    def show_moment(
        self, moment: Moment, others: Sequence[Moment], poster: QPixmap | None, place: str, obstacle: str = ""
    ) -> None:
        """Play a moment.

        Args:
            moment: what to play, from its best frame on.
            others: all moments found in the same video, `moment` among them.
            poster: shown until the first picture comes.
            place: where it stands among the results, like "3 of 60".
            obstacle: what is in the way, where its file is not at hand as far as the last scan knows.
        """
        same = (
            self._moment is not None and self._moment.path == moment.path and self.playback.path is not None
        )
        self._moment = moment
        self.span.set_moment(moment)
        self.deeds.look_again()
        self.reasons.set_moment(moment)
        self.header.show_video(moment.path, place)
        self.timeline.show_moments(others, moment)
        if moment.duration and not same:
            self._on_duration(moment.duration)
        if not moment.online:
            self.playback.stop()
            self.stage.show_poster(poster)
            words = obstacle or whereabouts.state(moment.path, moment.presence, None)
            self.stage.show_notice(words, elsewhere=False)
            self._tried = False
            self.unopened.emit(moment)
            return
        if not same:
            self._chapters = ()
            self.transcript.show_lines(())
            self.stage.show_poster(poster)
        else:
            self.timeline.set_chapters([start for start, _ in self._chapters])
        self._open()

    def explain(self, moment: Moment, sentence: str) -> None:
        """Say why a moment does not play, if it is still the one on view.

        Args:
            moment: what did not open.
            sentence: what is wrong with its file; empty where it can be opened: it is played then, unless
                that was tried.
        """
        if moment != self._moment or self.playback.path is not None:
            return
        if sentence:
            self.stage.show_notice(sentence, elsewhere=False)
        elif self._tried:
            self.stage.show_notice(cannot_play(moment.path))
        else:
            self.stage.clear_notice()
            self._open()

    def try_again(self) -> None:
        """Go on with what could not be read for a while, where a person still waits for it."""
        if self._moment is None or not self._moment.online:
            return
        if self.playback.path is None:
            self.stage.clear_notice()
            self._open()
        else:
            self.playback.go_on()

    def close_video(self) -> None:
        """Stop and let go of the file."""
        self._click.stop()
        self.hover_picture.hide()
        self.playback.stop()
        self._moment = None
        self.span.set_moment(None)
        self.reasons.set_moment(None)

    def shut_down(self) -> None:
        """Stop, and play nothing any more."""
        self.close_video()
        self.fading.set_on(False)
        self.playback.shut_down()

    def set_full_screen(self, full: bool) -> None:
        """Fill the page with the video; the controls lie over it and fade when nobody moves."""
        if full == self._full_screen:
            return
        self._full_screen = full
        self.header.setVisible(not full)
        self.controls.show_full_screen(full)
        if full:
            self._column.removeWidget(self._bar)
        else:
            self._column.addWidget(self._bar)
        self._bar.setProperty("over", full)
        self._bar.style().polish(self._bar)
        self._set_margins()
        self.fading.set_on(full)
        self._set_foot()

    def set_volume(self, volume: float, muted: bool) -> None:
        """0..1, as the slider shows it."""
        self.playback.sound.set_volume(volume)
        self.playback.sound.set_muted(muted)
        self.controls.show_volume(volume, muted)

    def toggle_mute(self) -> None:
        self.set_volume(self.playback.sound.volume, not self.playback.sound.muted)

    def change_volume(self, by: float) -> None:
        """Louder, or quieter where negative."""
        self.set_volume(min(max(self.playback.sound.volume + by, 0.0), 1.0), muted=False)

    def change_speed(self, by: int) -> None:
        """To the next speed of the list, or the one before."""
        self.playback.set_speed(next_speed(self.playback.speed, by))

    def toggle_full_screen(self) -> None:
        self.full_screen_wanted.emit(not self._full_screen)

    def show_hover(self, picture: QPixmap | None) -> None:
        """Show the frame under the pointer on the timeline, None while it is not there."""
        if self._hover is None:
            return
        seconds, x = self._hover
        title = next((title for start, title in reversed(self._chapters) if start <= seconds), "")
        place = self.timeline.mapTo(self, QPoint(round(x), 0))
        self.hover_picture.show_at(place, seconds, fmt.one_line(title, 40), picture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.fading.stir()
        skip = SMALL_SKIP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else SKIP
        match event.key():
            case Qt.Key.Key_Left:
                self.playback.skip(-skip)
            case Qt.Key.Key_Right:
                self.playback.skip(skip)
            case Qt.Key.Key_Up:
                self.step_wanted.emit(-1)
            case Qt.Key.Key_Down:
                self.step_wanted.emit(1)
            case Qt.Key.Key_Escape if self._full_screen:
                self.full_screen_wanted.emit(False)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fading.place()
        self._set_foot()
        self.transcript.setMaximumWidth(min(WIDEST, max(self.width() * 2 // 5, NARROWEST)))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._click.stop()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.fading.stir()
        super().mouseMoveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A button that has the keyboard is pressed by Space, and the video is not."""
        presses = isinstance(event, QKeyEvent) and event.key() in _PRESSES
        if presses and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        self._bar = QWidget()
        self._bar.setObjectName("playerBar")
        self._bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar_column = QVBoxLayout(self._bar)
        self._bar_column.setSpacing(0)
        self._bar_column.addWidget(self.timeline)
        self._bar_column.addWidget(self.controls)
        self._body = QHBoxLayout()
        self._body.addWidget(self.stage, 1)
        self._body.addWidget(self.transcript)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.header)
        self._column.addLayout(self._body, 1)
        self._column.addWidget(self._bar)
        self._set_margins()

    def _connect_playback(self) -> None:
        playback = self.playback
        playback.position.connect(self._on_position)
        playback.duration.connect(self._on_duration)
        playback.playing.connect(self._on_playing)
        playback.pictured.connect(self._on_picture)
        playback.chapters.connect(self._on_chapters)
        playback.trouble.connect(self.stage.show_notice)
        playback.noted.connect(self.stage.say_note)
        playback.silent.connect(self._on_slow_disk)
        playback.unopened.connect(self._on_unopened)
        playback.speed_changed.connect(self.controls.show_speed)
        self.controls.show_speed(playback.speed)

    def _connect_parts(self) -> None:
        controls, header, stage = self.controls, self.header, self.stage
        stage.clicked.connect(self._click.start)
        stage.double_clicked.connect(self._on_double_click)
        stage.moved.connect(self.fading.stir)
        stage.resized.connect(self.playback.set_box)
        stage.system_player_wanted.connect(self.deeds.play_outside)
        self.timeline.sought.connect(self._seek)
        self.timeline.hovered.connect(self._on_hover)
        self.timeline.unhovered.connect(self._on_unhover)
        self.transcript.sought.connect(self._seek)
        header.left.connect(self.left)
        header.favourite_wanted.connect(self.deeds.turn_favourite)
        self.deeds.is_favourite.connect(lambda is_on: header.show_favourite(is_on=is_on))
        header.export_wanted.connect(self.deeds.export)
        self.span.looped.connect(controls.loop.setChecked)
        controls.toggled.connect(self.playback.toggle)
        controls.step_wanted.connect(self.step_wanted)
        controls.in_wanted.connect(self.span.mark_in)
        controls.out_wanted.connect(self.span.mark_out)
        controls.loop_wanted.connect(self.span.toggle_loop)
        controls.speed_wanted.connect(self.playback.set_speed)
        controls.mute_wanted.connect(self.toggle_mute)
        controls.volume_wanted.connect(lambda volume: self.set_volume(volume, muted=False))
        controls.full_screen_wanted.connect(self.toggle_full_screen)

    def _set_margins(self) -> None:
        """On the full screen the video reaches the edges; only the controls keep their distance."""
        full = self._full_screen
        side = 0 if full else Space.XL
        self._column.setSpacing(0 if full else Space.S)
        self._body.setSpacing(0 if full else Space.M)
        self._column.setContentsMargins(side, 0 if full else Space.XS, side, 0 if full else Space.S)
        inset = Space.M if full else 0
        self._bar_column.setContentsMargins(inset, Space.XS if full else 0, inset, Space.S if full else 0)

    @property
    def foot(self) -> int:
        """Pixels at the lower edge that timeline and controls take."""
        return self._bar.sizeHint().height()

    def _set_foot(self) -> None:
        self.stage.set_foot(self.foot if self._full_screen else 0)

    def _seek(self, seconds: float) -> None:
        self.reasons.hide()
        self.playback.seek(seconds)

    def _on_double_click(self) -> None:
        self._click.stop()
        self.toggle_full_screen()

    def _on_unopened(self, path: Path) -> None:
        if self._moment is not None and self._moment.path == path:
            self.unopened.emit(self._moment)

    def _on_slow_disk(self) -> None:
        if self._moment is not None:
            name = fmt.brief_name(self._moment.path)
            self.stage.show_notice(
                (
                    self.tr("“{name}” can’t be read: its disk does not answer.")
                    if self.video_of(self._moment) is None
                    else self.tr("“{name}” is on its way: the server takes long to answer.")
                ).format(name=name)
            )

    def _open(self) -> None:
        if self._moment is not None:
            self._tried = True
            self.playback.open(self._moment.path, self._moment.best, self.video_of(self._moment))

    def _on_picture(self, image: QImage, at: float) -> None:
        self.stage.show_picture(image)

    def _on_position(self, seconds: float) -> None:
        self.controls.show_position(seconds)
        self.timeline.set_position(seconds)

    def _on_duration(self, seconds: float) -> None:
        self.controls.show_duration(seconds)
        self.timeline.set_duration(seconds)

    def _on_chapters(self, chapters: tuple[tuple[float, str], ...]) -> None:
        self._chapters = chapters
        self.timeline.set_chapters([start for start, _ in chapters])

    def _on_playing(self, playing: bool) -> None:
        self.controls.show_playing(playing)
        self.fading.may_fade = playing
        if playing:
            self.reasons.hide()
        else:
            self.fading.stir()

    def _on_hover(self, seconds: float, x: float) -> None:
        self._hover = seconds, x
        if self._moment is not None:
            self.hovered.emit(self._moment, seconds)

    def _on_unhover(self) -> None:
        self._hover = None
        self.hover_picture.hide()
