"""One video of a group of duplicates: its picture, what it is like, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.catalogue.records import Presence
from app.search.outcome import Moment
from app.ui.background.duplicates_search import ShownDuplicate
from app.ui.widgets.controls import ElidedLabel, IconButton, PlainLabel, plain_tooltip
from app.ui.widgets.theme import RADIUS, Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.catalogue.records import Video

WIDTH = 232
PICTURE = QSize(WIDTH, WIDTH * 9 // 16)
"""Logical pixels."""
COPIES = 4
"""More files with just the same content are only counted."""
HIDDEN = 0.4
"""Opacity of the picture of a video that is hidden."""


class PictureButton(QAbstractButton):
    """A picture to click."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: QPixmap | None = None
        self.faded = False
        self.setAccessibleName(label)
        self.setToolTip(plain_tooltip(label))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(PICTURE)
        theme.changed.connect(self.update)

    def set_picture(self, picture: QPixmap | None) -> None:
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.fillPath(shape, self._theme.colour("hover"))
        painter.setClipPath(shape)
        if self._picture is not None:
            painter.setOpacity(HIDDEN if self.faded else 1.0)
            painter.drawPixmap(self.rect(), self._picture)
            painter.setOpacity(1.0)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), RADIUS, RADIUS)
        painter.end()


class DuplicateTile(QFrame):
    """Stands beside the others of its group."""

    play_wanted = Signal()
    show_wanted = Signal()
    hide_wanted = Signal()

    def __init__(
        self, theme: Theme, shown: ShownDuplicate, *, place: int, of: int, parent: QWidget | None = None
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            shown: the video.
            place: in its group, from 0; the first is what the others are compared with.
            of: how many there are.
            parent: Qt's.
        """
        super().__init__(parent)
        self.shown = shown
        video = shown.duplicate.video
        name = fmt.file_name(video.path)
        self.picture = PictureButton(theme, self.tr("Play {name}").format(name=name))
        title = ElidedLabel(scale="strong")
        title.set_full_text(name)
        folder = ElidedLabel(tone="dim", scale="small")
        folder.set_full_text(fmt.short_path(video.path.parent))
        folder.setToolTip(plain_tooltip(fmt.full_path(video.path.parent)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.picture)
        column.addSpacing(Space.XS)
        for label in (title, folder, PlainLabel(_facts(video), scale="small")):
            column.addWidget(label)
        for text in (*self._why(place, of), *self._copies()):
            label = PlainLabel(text, tone="dim", scale="small")
            label.setWordWrap(True)
            column.addWidget(label)
        self.reveal = IconButton(theme, "reveal", self.tr("Show {name} in its folder").format(name=name))
        self.reveal.setEnabled(video.presence is Presence.HERE)
        self.hide_button = IconButton(theme, "hidden", "")
        self.state = PlainLabel(tone="dim", scale="small")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.XS)
        buttons.addWidget(self.reveal)
        buttons.addWidget(self.hide_button)
        buttons.addWidget(self.state, 1)
        column.addLayout(buttons)
        column.addStretch(1)
        self.setFixedWidth(WIDTH)
        self.picture.clicked.connect(self.play_wanted)
        self.reveal.clicked.connect(self.show_wanted)
        self.hide_button.clicked.connect(self.hide_wanted)
        self.set_hidden(hidden=False)

    @property
    def moment(self) -> Moment:
        """The whole video, to be played from where what is shared begins."""
        video, span = self.shown.duplicate.video, self.shown.duplicate.span
        duration = video.facts.duration if video.facts else 0.0
        return Moment(
            rank=1,
            video_id=video.id,
            path=video.path,
            start=0.0,
            end=duration,
            best=span[0] if span else 0.0,
            score=1.0,
            strength=1.0,
            frame_id=self.shown.frame_id,
            presence=video.presence,
            copies=self.shown.duplicate.copies,
            duration=duration,
            filmed=video.filmed,
        )

    def set_hidden(self, *, hidden: bool) -> None:
        """Say whether searches pass over it."""
        name = fmt.file_name(self.shown.duplicate.video.path)
        words = self.tr("Let searches find {name} again") if hidden else self.tr("Hide {name} from searches")
        self.hide_button.setToolTip(plain_tooltip(words.format(name=name)))
        self.hide_button.setAccessibleName(words.format(name=name))
        self.hide_button.set_icon("shown" if hidden else "hidden")
        self.state.setText(self.tr("Hidden from searches") if hidden else "")
        self.picture.faded = hidden
        self.picture.update()

    def _why(self, place: int, of: int) -> list[str]:
        """What it has to do with the first of its group, in sentences."""
        duplicate = self.shown.duplicate
        if place == 0:
            return [self.tr("The longest of them.")] if of > 1 else []
        sentences = []
        if duplicate.span is not None:
            start, end = map(fmt.clock, duplicate.span)
            words = self.tr("{start} – {end} is in the first one too: {share} of the shorter video.")
            sentences.append(words.format(start=start, end=end, share=fmt.percent(duplicate.share)))
        differences = ", ".join(_difference(each) for each in duplicate.differences)
        if differences:
            sentences.append(self.tr("Compared with it: {differences}.").format(differences=differences))
        else:
            sentences.append(self.tr("There is no other difference."))
        return sentences

    def _copies(self) -> list[str]:
        copies = self.shown.duplicate.copies
        if not copies:
            return []
        lines = [self.tr("The same file is also here:")]
        lines += [fmt.short_path(path) for path in copies[:COPIES]]
        if len(copies) > COPIES:
            lines.append(self.tr("… and %Ln more", "", len(copies) - COPIES))
        return lines


def _facts(video: Video) -> str:
    """Length, resolution, size."""
    facts = video.facts
    parts = [] if facts is None else [fmt.clock(facts.duration), f"{facts.width} × {facts.height}"]
    return " · ".join([*parts, fmt.size(video.size)])


def _difference(told: str) -> str:
    """A difference in the language of the window."""
    words = {
        "longer": _tr("longer"),
        "shorter": _tr("shorter"),
        "higher resolution": _tr("higher resolution"),
        "lower resolution": _tr("lower resolution"),
        "larger file": _tr("larger file"),
        "smaller file": _tr("smaller file"),
        "newer": _tr("newer"),
        "older": _tr("older"),
        "offline": _tr("not connected now"),
        "cannot be reached": _tr("cannot be reached now"),
    }
    return words.get(told, told)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Duplicates", text)
