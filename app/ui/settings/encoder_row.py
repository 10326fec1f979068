"""Which other computer encodes frames for this one: its address, its token, and whether it does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.connecting.service_address import EXAMPLE
from app.ui.settings.service_row import ServiceRow, ServiceWords
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt


class EncoderRow(ServiceRow):
    """The computer where `reelfind serve-encoder` runs."""

    def __init__(self, theme: Theme) -> None:
        words = ServiceWords(
            title=_tr("Let another computer help"),
            about=_tr(
                "A faster computer in your network can look at the frames. Run “reelfind serve-encoder” "
                "there, and enter the address and token that it prints. Only frames to be indexed are sent."
            ),
            also="GPU remote server serve-encoder",
            example=EXAMPLE,
            address=_tr("Address of the other computer"),
            secret=_tr("Token"),
            secret_named=_tr("Token of the other computer"),
            test=_tr("Test the connection to the other computer"),
        )
        super().__init__(theme, "encoder_url", words)

    def show_helper(self, name: str, provider: str) -> None:
        """Say which computer answered."""
        words = self.tr("{name} encodes frames for this computer, with {provider}.")
        self.say(words.format(name=fmt.one_line(name), provider=fmt.provider(provider)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("EncoderRow", text)
