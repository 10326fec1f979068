"""One setting: what it is called, what it does in a line, its control, and a way back to the default."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.settings.editors import Editor
from app.ui.widgets.choice import Choice
from app.ui.widgets.controls import IconButton, PlainLabel
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

LEAST_CHOICE = 130
"""Width of a box to choose from, logical pixels."""


class MarkedLabel(QLabel):
    """Words of ours in which what is searched for is marked."""

    def __init__(self, theme: Theme, text: str, *, tone: str = "", scale: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._words: tuple[str, ...] = ()
        self.text_alone = text
        """Without marks."""
        self.setWordWrap(True)
        for name, value in (("tone", tone), ("scale", scale)):
            if value:
                self.setProperty(name, value)
        theme.changed.connect(self._draw)
        self._draw()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.text_alone = text
        self._draw()

    def mark(self, words: Sequence[str]) -> None:
        """Mark these, lower-case, wherever they stand."""
        self._words = tuple(words)
        self._draw()

    def _draw(self) -> None:
        self.setAccessibleName(self.text_alone)
        self.setTextFormat(Qt.TextFormat.RichText if self._words else Qt.TextFormat.PlainText)
        if not self._words:
            self.setText(fmt.breakable(self.text_alone))
            return
        colours = self._theme.colours
        style = f"background-color:{colours.accent_soft}; color:{colours.text}"
        parts = [
            f'<span style="{style}">{_escaped(part)}</span>' if marked else _escaped(part)
            for part, marked in split(self.text_alone, self._words)
        ]
        self.setText("".join(parts))


def _escaped(text: str) -> str:
    return html.escape(fmt.breakable(text)).replace("\n", "<br>")


def split(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """A text in parts, each with whether it is one of the words; upper and lower case are the same."""
    lower = text.lower()
    if len(lower) != len(text):  # letters that are two in lower case: places would not fit
        return [(text, False)]
    marked = [False] * len(text)
    for word in words:
        at = lower.find(word) if word else -1
        while at >= 0:
            marked[at : at + len(word)] = [True] * len(word)
            at = lower.find(word, at + len(word))
    parts: list[tuple[str, bool]] = []
    for letter, mark in zip(text, marked, strict=True):
        if parts and parts[-1][1] is mark:
            parts[-1] = (parts[-1][0] + letter, mark)
        else:
            parts.append((letter, mark))
    return parts


class Row(QFrame):
    """A title and a line about it at the left, something to act with at the right, more below."""

    def __init__(self, theme: Theme, title: str, about: str, *, also: str = "") -> None:
        """Make it; `also` holds words by which it is found too."""
        super().__init__()
        self.setObjectName("settingRow")
        self.theme = theme
        self._also = also
        self.title = MarkedLabel(theme, title, scale="strong")
        self.about = MarkedLabel(theme, about, tone="dim", scale="small")
        if not about:
            self.about.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.about)
        self.side = QHBoxLayout()
        self.side.setSpacing(Space.S)
        upper = QHBoxLayout()
        upper.setSpacing(Space.L)
        upper.addLayout(words, 1)
        upper.addLayout(self.side)
        self.below = QVBoxLayout()
        self.below.setSpacing(Space.S)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        self._column.setSpacing(Space.S)
        self._column.addLayout(upper)
        self._column.addLayout(self.below)

    def is_about(self, words: Sequence[str]) -> bool:
        """Whether all these words, lower-case, stand in it."""
        text = f"{self.title.text_alone} {self.about.text_alone} {self._also}".lower()
        return all(word in text for word in words)

    def mark(self, words: Sequence[str]) -> None:
        """Mark these words."""
        self.title.mark(words)
        self.about.mark(words)


class SettingRow(Row):
    """A setting with one value."""

    changed = Signal(str, object)
    """Name of the setting, and the value that a person chose."""
    reset_wanted = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        title: str,
        about: str,
        editor: Editor,
        *,
        default: object,
        also: str = "",
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            name: of the setting, as it is stored.
            title: what people call it.
            about: what it does, one line.
            editor: what its value is chosen with.
            default: the value that `Reset` gives.
            also: words by which it is found too.
        """
        super().__init__(theme, title, about, also=f"{name} {also}")
        self.name = name
        self.editor = editor
        self._default = default
        self.reset = IconButton(theme, "undo", self.tr("Reset “{setting}”").format(setting=title))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.trouble = PlainLabel(tone="warning", scale="small")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.below.addWidget(self.trouble)
        if isinstance(editor, Choice):  # as wide as its longest words, a narrow page would be cut off
            editor.setMinimumWidth(LEAST_CHOICE)
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(about)
        for part in (self.reset, editor):  # what has no reset button ends at the same line
            self.side.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        editor.chosen.connect(lambda value: self.changed.emit(name, value))
        self.reset.clicked.connect(lambda: self.reset_wanted.emit(name))
        self.show_value(default)

    def show_value(self, value: object) -> None:
        """Show the value as it is now."""
        self.editor.set_value(value)
        self.trouble.hide()
        if self.reset.hasFocus() and value == self._default:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reset.setVisible(value != self._default)

    def refuse(self, sentence: str, advice: str) -> None:
        """Say why a value cannot be."""
        self.trouble.setText(fmt.sentence(f"{sentence} {advice}".strip()))
        self.trouble.show()


class Section(QWidget):
    """A category: its heading, and rows below it."""

    def __init__(self, theme: Theme, title: str, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.rows: list[Row] = []
        self.filled = False
        """Whether all its rows are made."""
        self._theme = theme
        self._maker: Callable[[Theme], Iterable[Row]] = lambda _: ()
        self._making: Iterator[Row] | None = None
        note = PlainLabel(about, tone="dim")
        note.setWordWrap(True)
        if not about:
            note.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, Space.L)
        self._column.setSpacing(Space.S)
        self._column.addWidget(PlainLabel(title, scale="title"))
        self._column.addWidget(note)
        self._column.addSpacing(Space.XS)

    def fill_with(self, maker: Callable[[Theme], Iterable[Row]]) -> Section:
        """Have the rows made by `maker` when they are wanted; returns the section itself."""
        self._maker = maker
        return self

    def fill(self, most: int | None = None) -> list[Row]:
        """Make the rows that have still to be made, `most` at a time; returns those."""
        if self.filled:
            return []
        if self._making is None:
            self._making = iter(self._maker(self._theme))
        fresh = list(islice(self._making, most))
        self.filled = most is None or len(fresh) < most
        for row in fresh:
            self.add(row)
        return fresh

    def add(self, row: Row) -> None:
        """One row more."""
        self.rows.append(row)
        self._column.addWidget(row)

    def narrow(self, words: Sequence[str]) -> int:
        """Show the rows that hold these words, all where there are none; returns how many."""
        shown = 0
        everything = all(word in self.title.lower() for word in words)
        for row in self.rows:
            fits = everything or row.is_about(words)
            row.setVisible(fits)
            row.mark(words)
            shown += fits
        return shown

    @property
    def setting_rows(self) -> list[SettingRow]:
        """Those of settings with one value."""
        return [row for row in self.rows if isinstance(row, SettingRow)]
