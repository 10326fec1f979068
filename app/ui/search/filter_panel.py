"""Filters to choose from, for whoever does not type them; what is chosen stands in the box at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.query.filters import FAVOURITE, NAMES, WITHIN_NAME, spec_of
from app.query.parsed_query import FilterName
from app.query.spans import Span, SpanKind
from app.ui.search.chip_words import shape_words
from app.ui.widgets.choice import Choice
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.asking.library_values import LibraryValues

COLUMNS = 3
FIELD_WIDTH = 150
"""Logical pixels at least."""
SHAPES, SIZES = frozenset({"portrait", "landscape", "square"}), frozenset({"hd", "4k"})
"""Values of `is:` of which one is chosen."""


class FilterPanel(QDialog):
    """Lies below its button until it is left."""

    value_changed = Signal(str, str, object)
    """Name of a filter or a line, its value (empty: none), and the values that give way to it (None: all)."""
    left_out_changed = Signal(str)
    """What is not to be seen, with commas between."""
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filterPanel")
        self.setAccessibleName(self.tr("Filters"))
        self._theme = theme
        self._filling = False
        self._choices: dict[str, QComboBox] = {}
        self._lines: dict[str, QLineEdit] = {}
        self._groups: dict[str, tuple[str, frozenset[str] | None]] = {}
        """By the field: name of its filter, and which values are its own."""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._fill_grid()
        self.favourites = TextButton(theme, self.tr("Favourites only"), kind="segment", icon="favourites")
        self.favourites.setCheckable(True)
        self.favourites.toggled.connect(self._on_favourites)
        clear = TextButton(theme, self.tr("Clear filters"), kind="quiet")
        clear.clicked.connect(self.cleared)
        done = TextButton(theme, self.tr("Done"), kind="primary")
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.favourites)
        foot.addStretch()
        foot.addWidget(clear)
        foot.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        layout.addLayout(self._grid)
        layout.addLayout(foot)

    def choice(self, field: str) -> QComboBox:
        """The field to choose a value of: a filter's name, `shape` or `size`."""
        return self._choices[field]

    def line(self, field: str) -> QLineEdit:
        """The field to type into: the name of a filter or a line, or `without`."""
        return self._lines[field]

    def open_below(self, button: QWidget) -> None:
        """Show it, its end below that of the button, within the window."""
        self.adjustSize()
        window = button.window()
        at = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + Space.XS))
        left, right = window.mapToGlobal(QPoint(0, 0)).x(), window.mapToGlobal(QPoint(window.width(), 0)).x()
        self.move(max(left, min(at.x(), right - self.width())), at.y())
        self.show()
        self._choices[FilterName.IN].setFocus()

    def show_values(self, values: LibraryValues) -> None:
        """What the library has to choose from."""
        for name, all_of_kind in (
            (FilterName.IN, values.folders),
            (FilterName.PLACE, values.places),
            (FilterName.CAMERA, values.cameras),
            (FilterName.TYPE, values.types),
            (FilterName.TAG, values.tags),
            (FilterName.IN_COLLECTION, values.collections),
        ):
            self._set_items(self._choices[name], all_of_kind)

    def show_query(self, spans: Sequence[Span]) -> None:
        """What a query says already."""
        self._filling = True
        for field, box in self._choices.items():
            _choose(box, self._value_in(spans, field))
        for field, line in self._lines.items():
            if not line.hasFocus():
                line.setText(_left_out(spans) if field == "without" else self._value_in(spans, field))
        self.favourites.setChecked(
            any(_is(span, FilterName.IS) and span.value.lower() == FAVOURITE for span in spans)
        )
        self._filling = False

    def _fill_grid(self) -> None:
        anything = self.tr("Any")
        fields: tuple[tuple[str, str, str | None], ...] = (
            (FilterName.IN, self.tr("Folder"), None),
            (FilterName.PLACE, self.tr("Place"), None),
            (FilterName.CAMERA, self.tr("Camera"), None),
            (FilterName.AFTER, self.tr("From"), "2023-05-14"),
            (FilterName.BEFORE, self.tr("Before"), "2024"),
            (FilterName.TYPE, self.tr("File type"), None),
            (FilterName.LONGER, self.tr("At least"), "30s"),
            (FilterName.SHORTER, self.tr("At most"), "5m"),
            ("shape", self.tr("Shape"), None),
            (FilterName.TAG, self.tr("Tag"), None),
            (FilterName.IN_COLLECTION, self.tr("Collection"), None),
            ("size", self.tr("Resolution"), None),
            ("said", self.tr("Words that are said"), ""),
            ("text", self.tr("Words in the picture"), ""),
            ("without", self.tr("Not in the picture"), self.tr("cars, people")),
            (FilterName.NAME, self.tr("Words of the file’s name"), ""),
            (WITHIN_NAME, self.tr("Next step within"), "60s"),
        )
        for number, (field, words, example) in enumerate(fields):
            row, column = divmod(number, COLUMNS)
            label = PlainLabel(words, tone="dim", scale="small")
            made = self._choice(field, anything) if example is None else self._line(field, example)
            made.setAccessibleName(words)
            made.setMinimumWidth(FIELD_WIDTH)
            label.setBuddy(made)
            self._grid.addWidget(label, 2 * row, column)
            self._grid.addWidget(made, 2 * row + 1, column)
            if row:
                self._grid.setRowMinimumHeight(2 * row, label.sizeHint().height() + Space.S)
            self._grid.setColumnStretch(column, 1)

    def _choice(self, field: str, anything: str) -> QComboBox:
        box = Choice(self._theme)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMaxVisibleItems(12)
        box.addItem(anything, "")
        own = {"shape": SHAPES, "size": SIZES}.get(field)
        for value in sorted(own or ()):
            box.addItem(shape_words(value), value)
        self._choices[field] = box
        self._groups[field] = (field if own is None else FilterName.IS.value, own)
        box.setEnabled(own is not None)
        box.currentIndexChanged.connect(lambda: self._on_value(field, str(box.currentData() or "")))
        return box

    def _line(self, field: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(example)
        line.setClearButtonEnabled(True)
        self._lines[field] = line
        self._groups[field] = (field, None)
        line.textChanged.connect(lambda text: self._on_value(field, text.strip()))
        return line

    def _set_items(self, box: QComboBox, values: Collection[str]) -> None:
        self._filling = True
        chosen = str(box.currentData() or "")
        while box.count() > 1:
            box.removeItem(1)
        for value in values:
            box.addItem(fmt.one_line(value, 40), value)
        box.setEnabled(bool(values))
        _choose(box, chosen)
        self._filling = False

    def _value_in(self, spans: Sequence[Span], field: str) -> str:
        name, own = self._groups[field]
        return next(
            (span.value for span in spans if _is(span, name) and (own is None or span.value.lower() in own)),
            "",
        )

    def _on_value(self, field: str, value: str) -> None:
        if self._filling:
            return
        name, own = self._groups[field]
        if name == "without":
            self.left_out_changed.emit(value)
            return
        wrong = bool(value) and name in NAMES and spec_of(name).read(value) is None
        line = self._lines.get(field)
        if line is not None and bool(line.property("wrong")) is not wrong:
            line.setProperty("wrong", wrong)
            line.style().polish(line)
        if not wrong and (not value or any(letter.isalnum() for letter in value)):
            self.value_changed.emit(name, value, own)

    def _on_favourites(self, on: bool) -> None:
        if not self._filling:
            self.value_changed.emit(FilterName.IS.value, FAVOURITE if on else "", frozenset({FAVOURITE}))


def _is(span: Span, name: str) -> bool:
    return span.kind in {SpanKind.FILTER, SpanKind.LINE} and span.name == name and not span.excluded


def _choose(box: QComboBox, value: str) -> None:
    """Choose a value, whatever its case; one that is not in the list joins it."""
    at = next((n for n in range(box.count()) if str(box.itemData(n)).lower() == value.lower()), -1)
    if at < 0:
        box.addItem(fmt.one_line(value, 40), value)
        at = box.count() - 1
    box.setCurrentIndex(at)


def _left_out(spans: Sequence[Span]) -> str:
    return ", ".join(span.value for span in spans if span.kind is SpanKind.WITHOUT)
