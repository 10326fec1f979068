"""One window whose models dialog many tests open, each with a store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ui.models.models_dialog import ModelsDialog
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.ui.conftest import come_to_rest, lasting_window
from tests.ui.loop import spin_until


@pytest.fixture(scope="module")
def lasting(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """A window on an empty library, for all tests that do not use what they add."""
    place = tmp_path_factory.mktemp("lasting")
    make_bundle(place / "colours")
    with lasting_window(theme, place) as window:
        yield window


@pytest.fixture
def lasting_dialog(lasting: MainWindow, home: Path) -> Iterator[ModelsDialog]:
    """That window's models dialog, with what is in the test's own store."""
    read: list[object] = []
    listening = lasting.choosing.models.shelf_read.connect(read.append)
    lasting.status.models_wanted.emit()
    assert spin_until(lambda: read)
    lasting.choosing.models.shelf_read.disconnect(listening)
    yield lasting.choosing.dialog
    lasting.choosing.dialog.reject()
    come_to_rest(lasting)
