"""Names to be chosen or typed: each becomes a chip that can be taken away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.catalogue.kept.kept_names import LONGEST_NAME, folded_name
from app.text import safe
from app.ui.widgets.controls import TextButton, plain_action
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.theme import Space, Theme


class ChipField(QWidget):
    """A line to type in with completion; Enter or a comma makes a chip, Backspace takes the last one away."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        label: str,
        hint: str,
        known: Sequence[str],
        chosen: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Make it.

        Args:
            theme: its look.
            label: accessible name of the line.
            hint: shown while nothing is typed.
            known: names that complete what is typed.
            chosen: names to begin with.
            parent: Qt's.
        """
        super().__init__(parent)
        self._theme = theme
        self._known = {folded_name(name): name for name in known}
        self._chips: dict[str, TextButton] = {}
        self.field = QLineEdit()
        self.field.setObjectName("plainField")
        self.field.setAccessibleName(label)
        self.field.setPlaceholderText(hint)
        self.field.setMaxLength(LONGEST_NAME)
        completer = QCompleter(sorted(known, key=str.casefold), self.field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._add_typed, Qt.ConnectionType.QueuedConnection)
        self.field.setCompleter(completer)
        self._area = QWidget()
        self._flow = FlowLayout(Space.XS, self._area, centred=False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._area.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self._area)
        column.addWidget(self.field)
        self.field.textEdited.connect(self._on_edited)
        self.field.installEventFilter(self)
        for name in chosen:
            self._add(name)
        self._area.setVisible(bool(self._chips))

    @property
    def names(self) -> tuple[str, ...]:
        """The chips, and what is typed and no chip yet."""
        typed = self.field.text().strip(" ,")
        names = [chip.property("name") for chip in self._chips.values()]
        return (*names, typed) if typed and folded_name(typed) not in self._chips else tuple(names)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            typed = bool(self.field.text().strip())
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and typed:
                self._add_typed()
                return True
            if event.key() == Qt.Key.Key_Backspace and not self.field.text() and self._chips:
                self._remove(next(reversed(self._chips)))
                return True
        return super().eventFilter(watched, event)

    def _on_edited(self, text: str) -> None:
        if text.endswith(","):
            self._add_typed()

    def _add_typed(self) -> None:
        typed = self.field.text().strip(" ,")
        self.field.clear()
        if typed:
            self._add(self._known.get(folded_name(typed), typed))

    def _add(self, name: str) -> None:
        folded = folded_name(name)
        if not folded or folded in self._chips:
            return
        chip = TextButton(self._theme, plain_action(safe(name)), kind="small", icon="close")
        chip.setProperty("name", name)
        chip.setAccessibleName(self.tr("Remove “{name}”").format(name=safe(name)))
        chip.setToolTip(self.tr("Remove"))
        chip.clicked.connect(lambda: self._remove(folded))
        self._chips[folded] = chip
        self._flow.addWidget(chip)
        self._area.show()
        self._area.updateGeometry()
        self.changed.emit()

    def _remove(self, folded: str) -> None:
        chip = self._chips.pop(folded)
        had_keyboard = chip.hasFocus()
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self._area.setVisible(bool(self._chips))
        self._area.updateGeometry()
        if had_keyboard:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
