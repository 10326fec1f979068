"""Tags, a note and collections of one moment, or of many at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.catalogue.kept.kept_names import folded_name
from app.catalogue.kept.kept_records import MarkKind, Wish
from app.search.outcome import Moment
from app.ui.background.kept_marks import KeptSnapshot, MomentMarks
from app.ui.kept.chip_field import ChipField
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

WIDTH, NOTE_HEIGHT = 460, 96
"""Logical pixels."""


class MarkDialog(QDialog):
    """Begins with what all of the moments have; only what a person changes is changed."""

    wanted = Signal(object)
    """Wishes to be met, a tuple; none where nothing was changed."""

    def __init__(
        self,
        theme: Theme,
        moments: Sequence[Moment],
        kept: KeptSnapshot,
        parent: QWidget | None = None,
        *,
        only_tags: bool = False,
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            moments: that it is about.
            kept: what is kept about them.
            parent: to lie over.
            only_tags: whether nothing else is kept where they are.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tags") if only_tags else self.tr("Tags and note"))
        marks = [kept.marks.of(moment) for moment in moments]
        self._tags = _shared([each.tags for each in marks])
        self._collections = _shared([each.collections for each in marks])
        notes = {each.note for each in marks}
        self._note = notes.pop() if len(notes) == 1 else ""
        about = PlainLabel(self._about(moments), tone="dim")
        about.setWordWrap(True)
        self.tags = ChipField(
            theme,
            self.tr("Tags"),
            self.tr("Type a tag, then press Enter"),
            [each.name for each in kept.tags],
            self._tags,
        )
        self.collections = ChipField(
            theme,
            self.tr("Collections"),
            self.tr("Type a collection, then press Enter"),
            [each.name for each in kept.collections],
            self._collections,
        )
        self.note = QPlainTextEdit(self._note)
        self.note.setObjectName("plainField")
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(NOTE_HEIGHT)
        if len(notes) > 0:
            self.note.setPlaceholderText(self.tr("These have different notes. What you write replaces them."))
        save = TextButton(theme, self.tr("Save"), kind="primary")
        cancel = TextButton(theme, self.tr("Cancel"))
        self.save = save
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(about)
        if self._differs(marks):
            others = PlainLabel(self.tr("Shown is what all of them have; the rest stays."), tone="dim")
            others.setWordWrap(True)
            column.addWidget(others)
        fields: list[tuple[str, QWidget]] = [
            (self.tr("Tags"), self.tags),
            (self.tr("Collections"), self.collections),
            (self.tr("Note"), self.note),
        ]
        for title, field in fields[: 1 if only_tags else None]:
            column.addSpacing(Space.XS)
            column.addWidget(PlainLabel(title, scale="strong"))
            column.addWidget(field)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(save)
        column.addSpacing(Space.S)
        column.addLayout(buttons)
        self.setMinimumWidth(WIDTH)
        save.setDefault(True)
        save.clicked.connect(self._on_save)
        cancel.clicked.connect(self.close)
        self.tags.field.setFocus()

    def _on_save(self) -> None:
        wishes = [
            *_wishes(MarkKind.TAG, self._tags, self.tags.names),
            *_wishes(MarkKind.COLLECTION, self._collections, self.collections.names),
        ]
        note = self.note.toPlainText().strip()
        if note != self._note:
            wishes.append(Wish(MarkKind.NOTE, note))
        self.close()
        self.wanted.emit(tuple(wishes))

    def _about(self, moments: Sequence[Moment]) -> str:
        if len(moments) > 1:
            return self.tr("%Ln moments", "", len(moments))
        (moment,) = moments
        return self.tr("{name}, {start} – {end}").format(
            name=fmt.brief_name(moment.path), start=fmt.clock(moment.start), end=fmt.clock(moment.end)
        )

    def _differs(self, marks: Sequence[MomentMarks]) -> bool:
        return len({(each.tags, each.collections) for each in marks}) > 1


def _shared(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The names that all have, as the first writes them."""
    folded = [{folded_name(name) for name in each} for each in names]
    return tuple(name for name in names[0] if all(folded_name(name) in each for each in folded))


def _wishes(kind: MarkKind, before: Sequence[str], now: Sequence[str]) -> list[Wish]:
    """What turns the one into the other."""
    old, new = {folded_name(name) for name in before}, {folded_name(name) for name in now}
    gone = [Wish(kind, name, is_on=False) for name in before if folded_name(name) not in new]
    return gone + [Wish(kind, name) for name in now if folded_name(name) not in old]
