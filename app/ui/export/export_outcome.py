"""What came of an export: how many files, and which moments failed, with why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.exporting.export_request import ExportReport
from app.ui.export import export_words as words
from app.ui.widgets.controls import ElidedLabel, PlainLabel
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

MOST = 100
"""Failures, and files, that are listed."""


class ExportOutcome(QScrollArea):
    """The last page of the export dialog."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.first_file: Path | None = None
        """The first file that was written."""
        self.lines: list[PlainLabel] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What was exported"))

    def show_report(self, report: ExportReport) -> None:
        """Say what was written and what was not."""
        self.first_file = report.files[0].path if report.files else None
        failures = [words.failure(failed) for failed in report.failures[:MOST]]
        if len(report.failures) > MOST:
            failures.append(self.tr("And {n} more.").format(n=fmt.count(len(report.failures) - MOST)))
        head = self.tr("%Ln moments could not be exported:", "", len(report.failures)) if failures else ""
        names = [fmt.file_name(file.path) for file in report.files[:MOST]]
        if len(report.files) > MOST:
            names.append(self.tr("And {n} more.").format(n=fmt.count(len(report.files) - MOST)))
        self._say([words.summary(report), words.early(report), head], failures, names)

    def show_failure(self, sentence: str, advice: str) -> None:
        """Say why nothing was."""
        self.first_file = None
        self._say([], [fmt.sentence(f"{sentence} {advice}".strip())])

    def _say(self, sentences: list[str], failures: list[str], names: Sequence[str] = ()) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(Space.XL, Space.S, Space.XL, Space.M)
        column.setSpacing(Space.S)
        self.lines = [PlainLabel(text) for text in sentences if text]
        for line in self.lines:
            line.setWordWrap(True)
            column.addWidget(line)
        for text in failures:
            card = QFrame()
            card.setObjectName("problem")
            words_of_it = PlainLabel(text)
            words_of_it.setWordWrap(True)
            self.lines.append(words_of_it)
            inner = QVBoxLayout(card)
            inner.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
            inner.addWidget(words_of_it)
            column.addWidget(card)
        for name in names:
            line = ElidedLabel(tone="dim", scale="small")
            line.set_full_text(name)
            column.addWidget(line)
        column.addStretch()
        self.setWidget(inside)
