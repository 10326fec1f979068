"""The patterns of files that are passed over, with what they leave out while they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit

from app.ui.settings.setting_row import Row
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.catalogue.exclusion_preview import LeftOut

PREVIEW_MS = 250
LINES = 4


class PatternField(QPlainTextEdit):
    """One pattern per line."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(self.tr("*.tmp\nArchive/\n/2019/*"))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * LINES + 22)


class ExcludeRow(Row):
    """Typed patterns are checked as they are typed and used when a person says so."""

    changed = Signal(str, object)
    preview_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", "")
        self.title.set_text(self.tr("Leave out"))
        self.about.set_text(
            self.tr(
                "Files and folders that match are not indexed. One pattern a line, as in a .gitignore file: "
                "*.tmp, Archive/, /2019/*"
            )
        )
        self.about.show()
        self._stored = ""
        self.field = PatternField()
        self.field.setAccessibleName(self.tr("Patterns to leave out"))
        self.says = PlainLabel(tone="dim", scale="small")
        self.says.setWordWrap(True)
        self.apply = TextButton(theme, self.tr("Apply"), kind="small")
        self.revert = TextButton(theme, self.tr("Discard"), kind="small")
        for part in (self.field, self.says):
            self.below.addWidget(part)
        for button in (self.revert, self.apply):
            self.side.addWidget(button)
        self._later = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._later.timeout.connect(lambda: self.preview_wanted.emit(self.field.toPlainText()))
        self.field.textChanged.connect(self._on_text)
        self.apply.clicked.connect(lambda: self.changed.emit("exclude", self.field.toPlainText().strip()))
        self.revert.clicked.connect(self._show_stored)
        self._on_text()

    def show_value(self, value: str) -> None:
        """Show the patterns in use, unless others are being typed."""
        typed = self.field.toPlainText().strip() != self._stored
        self._stored = "\n".join(
            part.strip() for part in value.replace(",", "\n").splitlines() if part.strip()
        )
        if not typed:
            self._show_stored()
        self._on_text()

    def show_left_out(self, found: LeftOut) -> None:
        """Say which videos the typed patterns match."""
        self.apply.setEnabled(True)
        if not self.field.toPlainText().strip():
            self._say(self.tr("Nothing is left out."))
        elif not found.total:
            self._say(self.tr("No video of this library matches."))
        else:
            lines = [self.tr("Leaves out %Ln video(s) of this library:", "", found.total)]
            lines += [fmt.full_path(path) for path in found.examples]
            if found.total > len(found.examples):
                lines.append(self.tr("… and %Ln more", "", found.total - len(found.examples)))
            self._say("\n".join(lines))

    def show_bad(self, sentence: str) -> None:
        """Say why the typed patterns cannot be used."""
        self.apply.setEnabled(False)
        self._say(fmt.sentence(sentence), tone="warning")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_text()

    def hideEvent(self, event: QHideEvent) -> None:
        self._later.stop()
        super().hideEvent(event)

    def _say(self, text: str, *, tone: str = "dim") -> None:
        self.says.setProperty("tone", tone)
        self.says.style().polish(self.says)
        self.says.setText(text)

    def _show_stored(self) -> None:
        self.field.setPlainText(self._stored)

    def _on_text(self) -> None:
        changed = self.field.toPlainText().strip() != self._stored
        for button in (self.apply, self.revert):
            button.setVisible(changed and self.isVisible())
        if self.isVisible():
            self._later.start()
