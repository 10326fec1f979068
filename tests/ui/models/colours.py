"""A little library whose videos any model tells apart."""

from pathlib import Path

from app.ui.shell.main_window import MainWindow
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video


def index_colours(window: MainWindow, folder: Path) -> None:
    """Make three videos, each of one colour, and wait until the window has indexed them."""
    folder.mkdir()
    for colour in ("red", "green", "blue"):
        make_video(folder / f"{colour}.mp4", [Scene(colour, 2, "still")], rate=10)
    window.control.add_folder(folder)
    assert spin_until(lambda: bool(window.contents and window.contents.indexed == 3))
