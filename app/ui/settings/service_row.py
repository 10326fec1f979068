"""A setting that names another computer: its address, what lets this one ask, and whether it answers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.ui.settings.setting_row import Row
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

SECRET_WIDTH = 170
"""Logical pixels."""


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """What such a row says."""

    title: str
    about: str
    also: str
    """Words by which it is found besides."""
    example: str
    """An address."""
    address: str
    """Of the field, for who cannot see it; so are the next ones."""
    secret: str
    """What lets this computer ask, as its field is called."""
    secret_named: str
    test: str


class ServiceRow(Row):
    """An address is used when a person says so, and tried at once; what lets this computer ask is not shown.

    Args:
        theme: its look.
        name: of the setting.
        words: what it says.
    """

    changed = Signal(str, object)
    test_wanted = Signal()

    def __init__(self, theme: Theme, name: str, words: ServiceWords) -> None:
        super().__init__(theme, "", "", also=f"{name} {words.also}")
        self.name = name
        self.title.set_text(words.title)
        self.about.set_text(words.about)
        self.about.show()
        self._stored = ""
        self.address, self.secret = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText(words.example)
        self.address.setAccessibleName(words.address)
        self.secret.setPlaceholderText(words.secret)
        self.secret.setAccessibleName(words.secret_named)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setFixedWidth(SECRET_WIDTH)
        self.says = PlainLabel(tone="dim", scale="small")
        self.says.setWordWrap(True)
        self.says.hide()
        self.apply = TextButton(theme, _tr("Apply"), kind="small")
        self.test = TextButton(theme, _tr("Test"), kind="small")
        self.test.setAccessibleName(words.test)
        fields = QHBoxLayout()
        fields.setSpacing(Space.S)
        fields.addWidget(self.address, 1)
        fields.addWidget(self.secret)
        self.below.addLayout(fields)
        self.below.addWidget(self.says)
        for button in (self.test, self.apply):
            self.side.addWidget(button)
        for field in (self.address, self.secret):
            field.textChanged.connect(self._on_text)
            field.returnPressed.connect(self._apply)
        self.apply.clicked.connect(self._apply)
        self.test.clicked.connect(self._test)
        self._on_text()

    def show_value(self, value: str) -> None:
        """Show the address in use, unless another is being typed."""
        typed = self.address.text().strip() != self._stored
        self._stored = value
        if not typed:
            self.address.setText(value)
        self._on_text()

    def show_used(self, value: str) -> None:
        """The address that was typed is used now: try it."""
        self._stored = value
        self.address.setText(value)
        self.secret.clear()
        if value:
            self._test()
        else:
            self.says.hide()

    def refuse(self, sentence: str, advice: str) -> None:
        """Say why the address cannot be used, or why nobody answers."""
        self.say(fmt.sentence(f"{sentence} {advice}".strip()), tone="warning")

    def say(self, text: str, *, tone: str = "dim") -> None:
        """Say how it is."""
        self.says.setProperty("tone", tone)
        self.says.style().polish(self.says)
        self.says.setText(text)
        self.says.show()

    def _test(self) -> None:
        self.say(_tr("Trying…"))
        self.test_wanted.emit()

    def _apply(self) -> None:
        if self.apply.isVisibleTo(self):
            typed = f"{self.address.text().strip()} {self.secret.text().strip()}"
            self.changed.emit(self.name, typed.strip())

    def _on_text(self) -> None:
        address, secret = self.address.text().strip(), self.secret.text().strip()
        changed = address != self._stored or bool(address and secret)
        self.apply.setVisible(changed)
        self.test.setVisible(bool(self._stored) and not changed)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ServiceRow", text)
