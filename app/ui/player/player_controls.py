"""The line under the video: play, where it is, the moment's ends, speed, captions, sound, full screen."""

from PySide6.QtCore import QCoreApplication, QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QToolButton, QWidget

from app.ui.player.engine.speeds import SPEEDS
from app.ui.widgets.controls import IconButton, PlainLabel
from app.ui.widgets.theme import Space, Theme, Type, font
from app.ui.wording import formatting as fmt


class PlayerControls(QWidget):
    """Its buttons only ask, and show what they are told."""

    toggled = Signal()
    step_wanted = Signal(int)
    in_wanted = Signal()
    out_wanted = Signal()
    loop_wanted = Signal()
    speed_wanted = Signal(float)
    captions_wanted = Signal()
    mute_wanted = Signal()
    volume_wanted = Signal(float)
    """0..1, as the slider shows it."""
    full_screen_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._play = IconButton(theme, "play", self.tr("Play (Space)"))
        before = IconButton(theme, "previous", self.tr("Previous moment (Up)"))
        after = IconButton(theme, "next", self.tr("Next moment (Down)"))
        mark_in = IconButton(theme, "mark-in", self.tr("Start the moment here (I)"))
        mark_out = IconButton(theme, "mark-out", self.tr("End the moment here (O)"))
        self.loop = IconButton(theme, "loop", self.tr("Loop the moment (L)"))
        self.captions = IconButton(theme, "captions", self.tr("Subtitles (C)"))
        self._mute = IconButton(theme, "volume", self.tr("Mute (M)"))
        self._full = IconButton(theme, "full-screen", self.tr("Full screen (F)"))
        self._speed = self._make_speed()
        self.loop.setCheckable(True)
        self.captions.setCheckable(True)
        self._now, self._end = PlainLabel(), PlainLabel(tone="dim")
        for label in (self._now, self._end):
            label.setFont(font(Type.BODY, tabular=True))
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.setMaximumWidth(84)
        self._volume.setMinimumWidth(32)
        self._volume.setAccessibleName(self.tr("Volume"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._volume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row: tuple[QWidget | int | None, ...] = (
            *(before, self._play, after, Space.S, self._now, self._end, None),
            *(mark_in, self.loop, mark_out, None),
            *(self._speed, self.captions, Space.XS, self._mute, self._volume, self._full),
        )
        for item in row:
            _add(layout, item)
        self._play.clicked.connect(self.toggled)
        before.clicked.connect(lambda: self.step_wanted.emit(-1))
        after.clicked.connect(lambda: self.step_wanted.emit(1))
        mark_in.clicked.connect(self.in_wanted)
        mark_out.clicked.connect(self.out_wanted)
        self.loop.clicked.connect(self.loop_wanted)
        self.captions.clicked.connect(self.captions_wanted)
        self._mute.clicked.connect(self.mute_wanted)
        self._full.clicked.connect(self.full_screen_wanted)
        self._volume.valueChanged.connect(lambda value: self.volume_wanted.emit(value / 100))

    def show_position(self, seconds: float) -> None:
        self._now.setText(fmt.clock(seconds))

    def show_duration(self, seconds: float) -> None:
        self._end.setText(self.tr("/ {length}").format(length=fmt.clock(seconds)))

    def show_playing(self, playing: bool) -> None:
        self._play.set_icon("pause" if playing else "play")
        self._play.set_label(self.tr("Pause (Space)") if playing else self.tr("Play (Space)"))

    def show_volume(self, volume: float, muted: bool) -> None:
        """0..1, as the slider shows it."""
        with QSignalBlocker(self._volume):
            self._volume.setValue(round(100 * volume))
        self._mute.set_icon("muted" if muted else "volume")
        self._mute.set_label(self.tr("Unmute (M)") if muted else self.tr("Mute (M)"))

    def show_speed(self, speed: float) -> None:
        words = speed_words(speed)
        self._speed.setText(words)
        self._speed.setAccessibleName(self.tr("Speed: {speed}").format(speed=words))
        for action in self._speeds.actions():
            action.setChecked(action.data() == speed)

    def show_full_screen(self, full: bool) -> None:
        self._full.set_icon("leave-full-screen" if full else "full-screen")
        self._full.set_label(self.tr("Leave full screen (F)") if full else self.tr("Full screen (F)"))

    def _make_speed(self) -> QToolButton:
        button = QToolButton()
        button.setToolTip(self.tr("Speed (< and >)"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        menu = QMenu(button)
        self._speeds = QActionGroup(self)
        for speed in SPEEDS:
            action = QAction(speed_words(speed), self._speeds)
            action.setCheckable(True)
            action.setData(speed)
            menu.addAction(action)
        self._speeds.triggered.connect(lambda action: self.speed_wanted.emit(action.data()))
        button.setMenu(menu)
        return button


def speed_words(speed: float) -> str:
    """A speed as people read it: `1×`, `0.5×`."""
    return QCoreApplication.translate("PlayerControls", "{speed}×").format(
        speed=QLocale().toString(speed, "g", 3)
    )


def _add(layout: QHBoxLayout, item: QWidget | int | None) -> None:
    """A widget, a gap of so many pixels, or whatever room there is."""
    if item is None:
        layout.addStretch()
    elif isinstance(item, QWidget):
        if isinstance(item, QToolButton):
            item.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout.addWidget(item)
    else:
        layout.addSpacing(item)
