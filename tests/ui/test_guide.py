"""The user guide has everything that the window can do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from tests.ui.conftest import close
from tests.ui.gallery.guide import GUIDE, LARGEST, PICTURES, shown_pictures, written_pages
from tests.ui.gallery.looks import LOOKS, Look
from tests.ui.gallery.scenes import SCENES
from tests.ui.gallery.stage import Stage

LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.fixture
def window(theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    """The window, its session not opened."""
    shown = MainWindow(theme, tmp_path / "library")
    shown.show()
    yield shown
    close(shown)
    shown.deleteLater()


def test_every_command_and_every_setting_is_in_the_guide(window: MainWindow) -> None:
    for name, text in written_pages(window).items():
        written = (GUIDE / name).read_text(encoding="utf-8")
        assert written == text, "run python -m tests.ui.gallery OUT --guide"


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    there = {path.stem for path in PICTURES.glob("*.webp")}
    assert there == shown_pictures()
    assert sum(path.stat().st_size for path in PICTURES.glob("*.webp")) <= LARGEST
    made = {f"{scene.name}-{look.name}" for scene in SCENES for look in LOOKS}
    assert shown_pictures() <= made


def test_every_link_leads_somewhere() -> None:
    for page in GUIDE.glob("*.md"):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
    index = (GUIDE / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in GUIDE.glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"({name})" not in index} == set()


def test_a_picture_is_made_of_the_real_window(application: QApplication, tmp_path: Path) -> None:
    look = Look("test", size=(800, 600), appearance="dark", mirrored=True)
    stage = Stage(look, tmp_path / "library", tmp_path)
    try:
        stage.photograph("first-run")
    finally:
        stage.close()
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        Theme(application, Qt.ColorScheme.Light)
    picture = QImage(str(tmp_path / "first-run-test.png"))
    assert (picture.width(), picture.height()) == (800, 600)
    assert picture.pixelColor(5, 595).lightness() < 60
