"""Which other computer encodes frames for this one: its address, its token, and whether it does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.connecting.service_address import EXAMPLE
from app.ui.settings.setting_row import Row
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

TOKEN_WIDTH = 170
"""Logical pixels."""


class EncoderRow(Row):
    """An address is used when a person says so, and tried at once."""

    name = "encoder_url"
    changed = Signal(str, object)
    test_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", "", also=f"{self.name} GPU remote server serve-encoder")
        self.title.set_text(self.tr("Let another computer help"))
        self.about.set_text(
            self.tr(
                "A faster computer in your network can look at the frames. Run “reelfind serve-encoder” "
                "there, and enter the address and token that it prints. Only frames to be indexed are sent."
            )
        )
        self.about.show()
        self._stored = ""
        self.address, self.token = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText(EXAMPLE)
        self.address.setAccessibleName(self.tr("Address of the other computer"))
        self.token.setPlaceholderText(self.tr("Token"))
        self.token.setAccessibleName(self.tr("Token of the other computer"))
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setFixedWidth(TOKEN_WIDTH)
        self.says = PlainLabel(tone="dim", scale="small")
        self.says.setWordWrap(True)
        self.says.hide()
        self.apply = TextButton(theme, self.tr("Apply"), kind="small")
        self.test = TextButton(theme, self.tr("Test"), kind="small")
        self.test.setAccessibleName(self.tr("Test the connection to the other computer"))
        fields = QHBoxLayout()
        fields.setSpacing(Space.S)
        fields.addWidget(self.address, 1)
        fields.addWidget(self.token)
        self.below.addLayout(fields)
        self.below.addWidget(self.says)
        for button in (self.test, self.apply):
            self.side.addWidget(button)
        for field in (self.address, self.token):
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
        self.token.clear()
        if value:
            self._test()
        else:
            self.says.hide()

    def show_helper(self, name: str, provider: str) -> None:
        """Say which computer answered."""
        words = self.tr("{name} encodes frames for this computer, with {provider}.")
        self._say(words.format(name=fmt.one_line(name), provider=fmt.provider(provider)))

    def refuse(self, sentence: str, advice: str) -> None:
        """Say why the address cannot be used, or why nobody helps."""
        self._say(fmt.sentence(f"{sentence} {advice}".strip()), tone="warning")

    def _test(self) -> None:
        self._say(self.tr("Trying…"))
        self.test_wanted.emit()

    def _apply(self) -> None:
        if self.apply.isVisibleTo(self):
            self.changed.emit(self.name, f"{self.address.text().strip()} {self.token.text().strip()}".strip())

    def _say(self, text: str, *, tone: str = "dim") -> None:
        self.says.setProperty("tone", tone)
        self.says.style().polish(self.says)
        self.says.setText(text)
        self.says.show()

    def _on_text(self) -> None:
        address, token = self.address.text().strip(), self.token.text().strip()
        changed = address != self._stored or bool(address and token)
        self.apply.setVisible(changed)
        self.test.setVisible(bool(self._stored) and not changed)
