"""What a person does with the search box, and what it shows."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.shell.main_window import MainWindow
from tests.ui.loop import spin_until


def words(window: MainWindow) -> list[str]:
    """What the chips say."""
    return [chip.words for chip in window.search_bar.chips.chips]


def offered(window: MainWindow) -> list[str]:
    return [offer.words for offer in window.search_bar.suggestions.dropdown.offers]


def typed(window: MainWindow, text: str) -> None:
    QTest.keyClicks(window.search_bar.field, text)


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.search_bar.field, key)


def answer(window: MainWindow, text: str) -> list[str]:
    """The names of the videos that are shown once a text is answered."""
    model = window.results_model
    assert spin_until(lambda: model.outcome is not None and model.outcome.query == text)
    return [model.index(row).data() for row in range(model.rowCount())]
