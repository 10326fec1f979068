"""How much room everything takes, and what may be cleared: each says what it costs to get back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal

from app.ui.settings.library_sections import keep_frames_row
from app.ui.settings.setting_row import Row, Section
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.notice import Question
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.catalogue.storage_use import StorageUse


class ClearableRow(Row):
    """Something with a size or a number, and a button that clears it where that may be."""

    clear_wanted = Signal(str)

    def __init__(
        self, theme: Theme, name: str, title: str, about: str, *, question: str = "", yes: str = ""
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            name: what `clear_wanted` says.
            title: what it is.
            about: what it is for.
            question: asked before it is cleared; empty where it cannot be.
            yes: the answer that clears it.
        """
        super().__init__(theme, title, about)
        self.name = name
        self.amount = PlainLabel("–", scale="strong")
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.clear = TextButton(theme, yes, kind="small")
        self.clear.setAccessibleName(f"{yes}: {title}")
        if not question:
            self.clear.hide()
        self.clear.setEnabled(False)
        self.question: Question | None = None
        self._question, self._yes = question, yes
        self.side.addWidget(self.amount)
        self.side.addWidget(self.clear)
        self.clear.clicked.connect(self._ask)

    def show_amount(self, text: str, *, is_some: bool) -> None:
        """Say how much there is; `is_some` where it is not nothing."""
        self.amount.setText(text)
        self.clear.setEnabled(is_some)

    def _ask(self) -> None:
        if self.question is not None:
            return
        self.question = question = Question(
            self.theme, self._question, yes=self._yes, no=self.tr("Keep"), careful=True
        )
        question.agreed.connect(lambda: self.clear_wanted.emit(self.name))
        question.agreed.connect(self._answered)
        question.declined.connect(self._answered)
        self.below.addWidget(question)
        question.enter()

    def _answered(self) -> None:
        question, self.question = self.question, None
        if question is not None:
            self.below.removeWidget(question)
            question.hide()
            question.deleteLater()
        self.clear.setFocus()


class StorageSection(Section):
    """Every kind of file with its size."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _tr("Storage"), _tr("Your videos are never changed, moved or copied."))
        self.fill_with(_rows)

    def show_storage(self, use: StorageUse) -> None:
        """Show these sizes."""
        for row in self.rows:
            if isinstance(row, ClearableRow):
                size: int = getattr(use, row.name)
                row.show_amount(fmt.size(size), is_some=size > 0)


def _rows(theme: Theme) -> Iterator[Row]:
    for name, title, about in (
        ("database", _tr("Library"), _tr("What is known of your videos, with the next two in it.")),
        ("thumbnails", _tr("Thumbnails"), _tr("One small picture for each frame that was looked at.")),
        ("vectors", _tr("What pictures show"), _tr("The numbers that searches compare.")),
        ("search_files", _tr("Search index"), _tr("Makes searching quick. Made again by itself.")),
    ):
        yield ClearableRow(theme, name, title, about)
    yield ClearableRow(
        theme,
        "frames",
        _tr("Kept frames"),
        _tr("For switching to another model without decoding."),
        question=_tr("Delete the kept frames? Switching to another model then decodes all videos again."),
        yes=_tr("Delete"),
    )
    yield keep_frames_row(theme)
    yield ClearableRow(theme, "models", _tr("Models"), _tr("Added models. Remove them under Models."))
    yield ClearableRow(theme, "speech_models", _tr("Speech models"), _tr("They hear what people say."))
    yield ClearableRow(theme, "cache", _tr("Cache"), _tr("Can be made or fetched again."))
    yield ClearableRow(
        theme,
        "log",
        _tr("Log"),
        _tr("What went wrong, for reporting it. Two megabytes at most."),
        question=_tr("Clear the log? What went wrong so far can then no longer be looked up."),
        yes=_tr("Clear"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
