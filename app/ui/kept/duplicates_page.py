"""Videos that share content, side by side: how they differ, and what can be done. No file is deleted here."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.ui.background.duplicates_search import Groups, ShownDuplicate
from app.ui.background.kept_marks import KeptMarks
from app.ui.kept.duplicate_tile import DuplicateTile
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.notice import WorkingNote
from app.ui.widgets.picture_source import PictureSource
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

SHOWN = 100
"""Groups; more are only counted."""
BATCH = 4
"""Groups made at one go, so that a long list does not hold up the window."""


class DuplicatesPage(QWidget):
    """A card for each group; they are looked for when the page is entered the first time, or asked again."""

    left = Signal()
    look_wanted = Signal()
    stop_wanted = Signal()
    play_wanted = Signal(object)
    """Moment."""
    show_wanted = Signal(object)
    """Moment."""
    hide_wanted = Signal(object)
    """Moment: to be hidden, or found again where it is hidden."""

    def __init__(self, theme: Theme, pictures: PictureSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures = pictures
        self._groups: Groups = ()
        self._marks = KeptMarks()
        self.tiles: list[DuplicateTile] = []
        self._made = 0
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._make_some)
        self._back = TextButton(theme, self.tr("Back"), kind="quiet", icon="back")
        self.look = TextButton(theme, self.tr("Look again"), icon="retry")
        self.title = PlainLabel(self.tr("Duplicates"), scale="title")
        self.text = PlainLabel(tone="dim")
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.working = WorkingNote(theme, self.tr("Looking for videos that share content"))
        self.working.hide()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, Space.L, Space.L)
        self._column.setSpacing(Space.M)
        self._column.addStretch()
        self._inside = QWidget()
        self._inside.setLayout(self._column)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Duplicates"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._inside)
        heading = QHBoxLayout()
        heading.setContentsMargins(0, 0, Space.L, 0)
        heading.addWidget(self._back)
        heading.addStretch(1)
        heading.addWidget(self.look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XS, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(heading)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addWidget(self.working)
        layout.addSpacing(Space.XS)
        layout.addWidget(area, 1)
        self._back.clicked.connect(self.left)
        self.look.clicked.connect(self.look_wanted)
        self.working.stop_wanted.connect(self.stop_wanted)
        pictures.arrived.connect(self._on_picture)
        self._explain()

    def enter(self) -> None:
        """Take the keyboard."""
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, share: float | None) -> None:
        """Say that it is being looked, and how far that is; None where nobody knows yet."""
        self.look.setEnabled(False)
        self.working.show()
        words = self.tr("Comparing every video with every other")
        self.working.show_work(words, share, can_stop=True)

    def show_groups(self, groups: Groups) -> None:
        """Show what was found."""
        self._end()
        self._clear()
        self._groups = groups
        if not groups:
            self.text.setText(self.tr("No two videos of your library share content."))
            return
        self._explain(self.tr("%Ln groups of videos share content.", "", len(groups)))
        self._make_some()

    def show_stopped(self, sentence: str = "") -> None:
        """Say that it ended before its time, and why where it was not asked for."""
        self._end()
        if sentence:
            self.text.setText(fmt.sentence(sentence))
        elif not self._groups:
            self._explain(self.tr("Cancelled."))

    def show_marks(self, marks: KeptMarks) -> None:
        """Know what is hidden."""
        self._marks = marks
        for tile in self.tiles:
            tile.set_hidden(hidden=marks.of(tile.moment).hidden)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _explain(self, found: str = "") -> None:
        words = self.tr(
            "Compared is what is seen, whatever the size, bars, colours and format. No file is deleted: hide "
            "the ones you do not want to find, or open their folders."
        )
        self.text.setText(f"{found} {words}".strip())

    def _end(self) -> None:
        self.look.setEnabled(True)
        self.working.hide()

    def _clear(self) -> None:
        self._more.stop()
        self.tiles.clear()
        self._made = 0
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _make_some(self) -> None:
        shown = self._groups[:SHOWN]
        for group in shown[self._made : self._made + BATCH]:
            self._column.insertWidget(self._column.count() - 1, self._card(group))
        self._made = min(self._made + BATCH, len(shown))
        if self._made < len(shown):
            self._more.start()
        elif (rest := len(self._groups) - len(shown)) > 0:
            more = PlainLabel(self.tr("… and %Ln more groups", "", rest), tone="dim")
            self._column.insertWidget(self._column.count() - 1, more)

    def _card(self, group: tuple[ShownDuplicate, ...]) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        tiles = QWidget()
        flow = FlowLayout(Space.L, tiles, centred=False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        tiles.setSizePolicy(policy)
        for place, each in enumerate(group):
            flow.addWidget(self._tile(each, place, len(group)))
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        column.setSpacing(Space.S)
        column.addWidget(PlainLabel(self._headline(group), scale="strong"))
        column.addWidget(tiles)
        return card

    def _tile(self, shown: ShownDuplicate, place: int, of: int) -> DuplicateTile:
        tile = DuplicateTile(self._theme, shown, place=place, of=of)
        tile.picture.set_picture(self._pictures.picture(shown.frame_id) if shown.frame_id else None)
        tile.set_hidden(hidden=self._marks.of(tile.moment).hidden)
        tile.play_wanted.connect(lambda: self.play_wanted.emit(tile.moment))
        tile.show_wanted.connect(lambda: self.show_wanted.emit(tile.moment))
        tile.hide_wanted.connect(lambda: self.hide_wanted.emit(tile.moment))
        self.tiles.append(tile)
        return tile

    def _headline(self, group: tuple[ShownDuplicate, ...]) -> str:
        if len(group) == 1:
            return self.tr("%Ln identical files", "", 1 + len(group[0].duplicate.copies))
        return self.tr("%Ln videos share content", "", len(group))

    def _on_picture(self, frame: int) -> None:
        for tile in self.tiles:
            if tile.shown.frame_id == frame:
                tile.picture.set_picture(self._pictures.picture(frame))
