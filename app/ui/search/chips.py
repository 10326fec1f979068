"""The signs of a query as chips below the box: a view of its text, which stays the one truth."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMenu, QWidget

from app.disk.formats import is_video_name
from app.query.filters import WITHIN_NAME
from app.query.like_values import read_likeness
from app.query.query_error import QueryError
from app.query.spans import Span, SpanKind, StepSpan
from app.ui.search.chip_words import chip_words
from app.ui.widgets.controls import IconButton, TextButton, plain_action, plain_tooltip
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

PICTURE = 28
"""Edge of a chip's picture, logical pixels."""
LONGEST_STEP = 32

_ICONS = {"in": "folder", "said": "said", "text": "written", "name": "named"}

Piece = Span | StepSpan


class QueryChip(QFrame):
    """A click edits it, its cross, Delete or Backspace take it away."""

    edit_wanted = Signal()
    crop_wanted = Signal()
    removed = Signal()
    menu_wanted = Signal(QPoint)
    """Where on the screen what else can be done with it is to be offered."""

    def __init__(
        self, theme: Theme, words: str, *, icon: str = "", can_crop: bool = False, wrong: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName("queryChip")
        self.setProperty("wrong", wrong)
        self.words = words
        self.label = TextButton(theme, plain_action(words), kind="inChip", icon=icon)
        self.label.setAccessibleName(words)
        self.label.setToolTip(plain_tooltip(self.tr("Edit: {words}").format(words=words)))
        self.cross = IconButton(theme, "close", self.tr("Remove: {words}").format(words=words))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.XS, 0, Space.XS, 0)
        layout.setSpacing(0)
        layout.addWidget(self.label)
        self.crop: IconButton | None = None
        if can_crop:
            self.crop = IconButton(theme, "crop", self.tr("Choose a part of the picture"))
            self.crop.clicked.connect(self.crop_wanted)
            layout.addWidget(self.crop)
        layout.addWidget(self.cross)
        for button in (self.cross, self.crop):
            if button is not None:
                button.setIconSize(QSize(14, 14))
                button.setProperty("kind", "inChip")
        self.label.clicked.connect(self.edit_wanted)
        self.cross.clicked.connect(self.removed)

    def show_picture(self, image: QImage) -> None:
        """The picture that something is to be like."""
        ratio = self.devicePixelRatioF()
        edge = round(PICTURE * ratio)
        square = QPixmap.fromImage(image).scaled(
            QSize(edge, edge),
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        square = square.copy((square.width() - edge) // 2, (square.height() - edge) // 2, edge, edge)
        square.setDevicePixelRatio(ratio)
        self.label.setIconSize(QSize(PICTURE, PICTURE))
        self.label.setIcon(QIcon(square))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class QueryChips(QWidget):
    """One chip for each sign and each step; hidden where there is none."""

    span_removed = Signal(object)
    """Span."""
    step_removed = Signal(int)
    """Number of the step, from 0."""
    edit_wanted = Signal(int, int)
    """From where to where in the text."""
    crop_wanted = Signal(object)
    """Span of a likeness."""
    turn_wanted = Signal(object)
    """Span of a filter or a line that is to be turned round."""
    weight_wanted = Signal(object, float)
    """Span of a term or a likeness, and how much it is to count."""
    picture_wanted = Signal(str)
    """What stands behind `like:`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flow = FlowLayout(Space.XS + 2, self, centred=False)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pieces: list[Piece] = []
        self._keys: list[tuple[object, ...]] = []
        self.chips: list[QueryChip] = []
        self.hide()

    def show_query(self, spans: Sequence[Span], steps: Sequence[StepSpan], trouble: int | None) -> None:
        """Show what a text says; chips that stay the same stay where they are.

        Args:
            spans: its signs.
            steps: of a chain.
            trouble: where it cannot be read.
        """
        pieces: list[Piece] = [*steps, *spans]
        keys = [_key(number, piece, trouble) for number, piece in enumerate(pieces)]
        self._pieces = pieces
        if keys == self._keys:
            return
        known = dict(zip(self._keys, self.chips, strict=True))
        focus = QApplication.focusWidget()
        had_keyboard = next(
            (at for at, chip in enumerate(self.chips) if focus is not None and chip.isAncestorOf(focus)), -1
        )
        self._keys = keys
        while self._flow.count():
            self._flow.takeAt(0)
        self.chips = [
            known.pop(key) if key in known else self._made(piece, key)
            for key, piece in zip(keys, pieces, strict=True)
        ]
        for chip in known.values():
            chip.hide()
            chip.deleteLater()
        for chip in self.chips:
            self._flow.addWidget(chip)
            chip.show()
        self.setVisible(bool(self.chips))
        for before, after in zip(self.chips, self.chips[1:], strict=False):
            QWidget.setTabOrder(before.cross, after.label)
        if had_keyboard >= 0 and self.chips:
            self.chips[min(had_keyboard, len(self.chips) - 1)].label.setFocus()
        for typed in self.likenesses:
            self.picture_wanted.emit(typed)

    @property
    def likenesses(self) -> list[str]:
        """What stands behind each `like:`."""
        return [
            piece.value for piece in self._pieces if isinstance(piece, Span) and piece.kind is SpanKind.LIKE
        ]

    def show_picture(self, typed: str, image: QImage) -> None:
        """The picture of what stands behind `like:`."""
        for piece, chip in zip(self._pieces, self.chips, strict=True):
            if isinstance(piece, Span) and piece.kind is SpanKind.LIKE and piece.value == typed:
                chip.show_picture(image)

    def _made(self, piece: Piece, key: tuple[object, ...]) -> QueryChip:
        if isinstance(piece, StepSpan):
            number = int(str(key[1])) + 1
            words = fmt.one_line(piece.words, LONGEST_STEP) or "…"
            chip = QueryChip(self._theme, self.tr("{number}. {words}").format(number=number, words=words))
        else:
            can_crop = piece.kind is SpanKind.LIKE and _is_picture(piece.value)
            icon = "picture" if piece.kind is SpanKind.LIKE else _ICONS.get(piece.name, "")
            chip = QueryChip(
                self._theme, chip_words(piece), icon=icon, can_crop=can_crop, wrong=bool(key[-1])
            )
        chip.removed.connect(lambda: self._remove(chip))
        chip.edit_wanted.connect(lambda: self._edit(chip))
        chip.menu_wanted.connect(lambda place: self.menu(chip).popup(place))
        chip.crop_wanted.connect(lambda: self.crop_wanted.emit(self._piece(chip)))
        return chip

    def menu(self, chip: QueryChip) -> QMenu:
        """What can be done with a chip."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self.tr("Edit"), chip.edit_wanted.emit)
        piece = self._piece(chip)
        if isinstance(piece, Span):
            self._add_changes(menu, chip, piece)
        menu.addAction(self.tr("Remove"), chip.removed.emit)
        return menu

    def _add_changes(self, menu: QMenu, chip: QueryChip, span: Span) -> None:
        if span.kind in {SpanKind.FILTER, SpanKind.LINE} and span.name != WITHIN_NAME:
            words = self.tr("Look for it again") if span.excluded else self.tr("Leave it out instead")
            menu.addAction(words, lambda: self.turn_wanted.emit(span))
        if span.kind in {SpanKind.TERM, SpanKind.LIKE}:
            menu.addAction(self.tr("Count more"), lambda: self.weight_wanted.emit(span, 2 * span.weight))
            menu.addAction(self.tr("Count less"), lambda: self.weight_wanted.emit(span, span.weight / 2))
        if chip.crop is not None:
            menu.addAction(self.tr("Choose a part of the picture"), chip.crop_wanted.emit)

    def _piece(self, chip: QueryChip) -> Piece:
        return self._pieces[self.chips.index(chip)]

    def _remove(self, chip: QueryChip) -> None:
        piece = self._piece(chip)
        if isinstance(piece, StepSpan):
            self.step_removed.emit(self._pieces.index(piece))
        else:
            self.span_removed.emit(piece)

    def _edit(self, chip: QueryChip) -> None:
        piece = self._piece(chip)
        self.edit_wanted.emit(piece.start, piece.end)


def _key(number: int, piece: Piece, trouble: int | None) -> tuple[object, ...]:
    """What a chip shows; whether it is what cannot be read is last. Twins are told apart by their places."""
    if isinstance(piece, StepSpan):
        return ("step", number, piece.words)
    wrong = trouble is not None and piece.start <= trouble < piece.end
    return (piece.kind, piece.name, piece.value, piece.excluded, piece.weight, number, wrong)


def _is_picture(typed: str) -> bool:
    """Whether a part of what is named can be meant: of all but a whole video."""
    try:
        likeness = read_likeness(typed, 1.0, 0)
    except QueryError:
        return False
    return likeness.at is not None or not is_video_name(PurePath(likeness.path).name)
