"""The player's page: a moment of a video, played from its best frame on."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.search.outcome import Moment
from app.ui.player.playback import Playback, cannot_play
from app.ui.player.seek_bar import SeekBar
from app.ui.player.video_area import VideoArea
from app.ui.widgets import formatting as fmt
from app.ui.widgets import whereabouts
from app.ui.widgets.controls import (
    ElidedLabel,
    IconButton,
    PlainLabel,
    TextButton,
)
from app.ui.widgets.theme import (
    Space,
    Theme,
    Type,
    font,
)

SKIP = 5.0
SMALL_SKIP = 1.0
"""Seconds that an arrow key skips, without and with Shift."""


SLOW_DISK_MS = 4000
"""How long it may take to find out why a file does not open before that is said instead."""


class PlayerPage(QWidget):
    """Space plays and pauses, left and right skip, up and down change the moment, F fills the screen."""

    left = Signal()
    step_wanted = Signal(int)
    """+1 for the next moment, -1 for the one before."""
    full_screen_wanted = Signal(bool)
    system_player_wanted = Signal(Moment)
    show_wanted = Signal(Moment)
    unopened = Signal(Moment)
    """The file did not open, or is not expected to: `explain` or `play` once it is known how it stands."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moment: Moment | None = None
        self._tried = False
        """Whether opening the moment's file was tried."""
        self._waiting = QTimer(self, singleShot=True, interval=SLOW_DISK_MS)
        self._waiting.timeout.connect(self._on_slow_disk)
        self._full_screen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("PlayerPage"))
        self.playback = Playback(self)
        self.stage = VideoArea(theme)
        self.timeline = SeekBar(theme)
        self.playback.set_sink(self.stage.sink)
        self._header = self._make_header(theme)
        self._controls = self._make_controls(theme)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(Space.S)
        self._column.addWidget(self._header)
        self._column.addWidget(self.stage, 1)
        self._column.addWidget(self._controls)
        self._set_margins()
        # One click plays or pauses, once it is certain that it is not the first half of a double click.
        self._click = QTimer(self, singleShot=True, interval=220)
        self._click.timeout.connect(self.playback.toggle)
        self.stage.clicked.connect(self._click.start)
        self.stage.double_clicked.connect(self._on_double_click)
        self.stage.system_player_wanted.connect(self._ask_for_system_player)
        self.timeline.sought.connect(self.playback.seek)
        self.playback.position.connect(self._on_position)
        self.playback.duration.connect(self._on_duration)
        self.playback.playing.connect(self._on_playing)
        self.playback.shown.connect(self.stage.show_video)
        self.playback.trouble.connect(self.stage.show_notice)
        self.playback.unopened.connect(self._on_unopened)

    @property
    def moment(self) -> Moment | None:
        return self._moment

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
        self._waiting.stop()
        self._moment = moment
        self._name.set_full_text(fmt.file_name(moment.path))
        self._folder.set_full_text(fmt.full_path(moment.path.parent))
        self._place.setText(place)
        self.timeline.show_moments(others, moment)
        if not moment.online:
            self.playback.stop()
            self.stage.show_poster(poster)
            words = obstacle or whereabouts.state(moment.path, moment.presence, None)
            self.stage.show_notice(words, elsewhere=False)
            self._tried = False
            self.unopened.emit(moment)
            return
        if not same:
            self.stage.show_poster(poster)
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
        self._waiting.stop()
        if sentence:
            self.stage.show_notice(sentence, elsewhere=False)
        elif self._tried:
            self.stage.show_notice(cannot_play(moment.path))
        else:
            self.stage.clear_notice()
            self._open()

    def close_video(self) -> None:
        """Stop and let go of the file."""
        self._click.stop()
        self._waiting.stop()
        self.playback.stop()
        self._moment = None

    def set_full_screen(self, full: bool) -> None:
        """Fill the page with the video; the controls stay."""
        self._full_screen = full
        self._header.setVisible(not full)
        self._full.set_icon("leave-full-screen" if full else "full-screen")
        self._full.set_label(self.tr("Leave full screen (F)") if full else self.tr("Full screen (F)"))
        self._set_margins()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        skip = SMALL_SKIP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else SKIP
        match event.key():
            case Qt.Key.Key_Space:
                self.playback.toggle()
            case Qt.Key.Key_Left:
                self.playback.skip(-skip)
            case Qt.Key.Key_Right:
                self.playback.skip(skip)
            case Qt.Key.Key_Up:
                self.step_wanted.emit(-1)
            case Qt.Key.Key_Down:
                self.step_wanted.emit(1)
            case Qt.Key.Key_M:
                self._toggle_mute()
            case Qt.Key.Key_F:
                self.full_screen_wanted.emit(not self._full_screen)
            case Qt.Key.Key_Escape if self._full_screen:
                self.full_screen_wanted.emit(False)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def set_volume(self, volume: float, muted: bool) -> None:
        """0..1, as the slider shows it."""
        self._volume.setValue(round(100 * volume))
        self.playback.set_volume(volume)
        self.playback.set_muted(muted)
        self._draw_mute()

    def _make_header(self, theme: Theme) -> QWidget:
        header = QWidget()
        back = TextButton(theme, self.tr("Results"), kind="quiet", icon="back")
        back.setToolTip(self.tr("Back to the results (Esc)"))
        self._name = ElidedLabel()
        self._name.setFont(font(Type.BODY))
        self._name.setStyleSheet("font-weight: 600;")
        self._folder = ElidedLabel(tone="dim", scale="small")
        self._place = PlainLabel(tone="dim", scale="small")
        reveal = IconButton(theme, "reveal", self.tr("Show in folder"))
        external = IconButton(theme, "external", self.tr("Open in the system’s player"))
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self._name)
        titles.addWidget(self._folder)
        layout = QHBoxLayout(header)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(back)
        layout.addSpacing(Space.XS)
        layout.addLayout(titles, 1)
        layout.addWidget(self._place)
        layout.addWidget(reveal)
        layout.addWidget(external)
        for button in (back, reveal, external):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        back.clicked.connect(self.left)
        reveal.clicked.connect(lambda: self.show_wanted.emit(self._moment))
        external.clicked.connect(self._ask_for_system_player)
        return header

    def _make_controls(self, theme: Theme) -> QWidget:
        controls = QWidget()
        self._play = IconButton(theme, "play", self.tr("Play (Space)"))
        before = IconButton(theme, "previous", self.tr("Previous moment (Up)"))
        after = IconButton(theme, "next", self.tr("Next moment (Down)"))
        self._mute = IconButton(theme, "volume", self.tr("Mute (M)"))
        self._full = IconButton(theme, "full-screen", self.tr("Full screen (F)"))
        self._now, self._end = PlainLabel(), PlainLabel(tone="dim")
        for label in (self._now, self._end):
            label.setFont(font(Type.BODY, tabular=True))
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance("00:00") + Space.XS)
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.setFixedWidth(84)
        self._volume.setAccessibleName(self.tr("Volume"))
        layout = self._control_row = QHBoxLayout(controls)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        for button in (before, self._play, after, self._mute, self._full, self._volume):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for button in (before, self._play, after):
            layout.addWidget(button)
        layout.addSpacing(Space.S)
        layout.addWidget(self._now)
        layout.addWidget(self.timeline, 1)
        layout.addWidget(self._end)
        layout.addSpacing(Space.S)
        layout.addWidget(self._mute)
        layout.addWidget(self._volume)
        layout.addWidget(self._full)
        self._play.clicked.connect(self.playback.toggle)
        before.clicked.connect(lambda: self.step_wanted.emit(-1))
        after.clicked.connect(lambda: self.step_wanted.emit(1))
        self._mute.clicked.connect(self._toggle_mute)
        self._full.clicked.connect(lambda: self.full_screen_wanted.emit(not self._full_screen))
        self._volume.valueChanged.connect(lambda value: self.playback.set_volume(value / 100))
        return controls

    def _set_margins(self) -> None:
        """On the full screen the video reaches the edges; only the controls keep their distance."""
        full = self._full_screen
        side = 0 if full else Space.XL
        self._column.setContentsMargins(side, 0 if full else Space.XS, side, Space.S)
        inset = Space.M if full else 0
        self._control_row.setContentsMargins(inset, 0, inset, 0)

    def _on_double_click(self) -> None:
        self._click.stop()
        self.full_screen_wanted.emit(not self._full_screen)

    def _on_unopened(self, path: Path) -> None:
        if self._moment is not None and self._moment.path == path:
            self._waiting.start()
            self.unopened.emit(self._moment)

    def _on_slow_disk(self) -> None:
        if self._moment is not None:
            name = fmt.brief_name(self._moment.path)
            self.stage.show_notice(
                self.tr("“{name}” can’t be opened: its disk does not answer.").format(name=name)
            )

    def _open(self) -> None:
        if self._moment is not None:
            self._tried = True
            self.playback.open(self._moment.path, self._moment.best)

    def _on_position(self, seconds: float) -> None:
        self._now.setText(fmt.clock(seconds))
        self.timeline.set_position(seconds)

    def _on_duration(self, seconds: float) -> None:
        self._end.setText(fmt.clock(seconds))
        self.timeline.set_duration(seconds)

    def _on_playing(self, playing: bool) -> None:
        self._play.set_icon("pause" if playing else "play")
        self._play.set_label(self.tr("Pause (Space)") if playing else self.tr("Play (Space)"))

    def _toggle_mute(self) -> None:
        self.playback.set_muted(not self.playback.muted)
        self._draw_mute()

    def _draw_mute(self) -> None:
        self._mute.set_icon("muted" if self.playback.muted else "volume")
        self._mute.set_label(self.tr("Unmute (M)") if self.playback.muted else self.tr("Mute (M)"))

    def _ask_for_system_player(self) -> None:
        if self._moment is not None:
            self.playback.pause()
            self.system_player_wanted.emit(self._moment)
