"""Which server answers for the nearest clips of a large library: its address, its key, whether it does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.ui.settings.service_row import ServiceRow, ServiceWords
from app.ui.widgets.theme import Theme

EXAMPLE = "http://192.168.1.20:6333"


class VectorStoreRow(ServiceRow):
    """The computer where Qdrant runs."""

    def __init__(self, theme: Theme) -> None:
        words = ServiceWords(
            title=_tr("Vector store"),
            about=_tr(
                "A Qdrant server can find the nearest clips of a library of thousands of hours. Enter its "
                "address and API key. Where it does not answer, this computer searches by itself."
            ),
            also="Qdrant database remote",
            example=EXAMPLE,
            address=_tr("Address of the vector store"),
            secret=_tr("API key"),
            secret_named=_tr("API key of the vector store"),
            test=_tr("Test the connection to the vector store"),
        )
        super().__init__(theme, "vector_store_url", words)

    def show_answered(self) -> None:
        """Say that it can be used."""
        self.say(self.tr("The vector store answers."))


def _tr(text: str) -> str:
    return QCoreApplication.translate("VectorStoreRow", text)
