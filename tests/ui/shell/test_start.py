"""What the window needs before it can be seen."""

import gc
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.shell import application as start
from app.ui.widgets.lazy_part import LazyPart
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until


def test_the_window_is_shown_before_the_library_is_loaded() -> None:
    """Arrays, the runtime and the database's library take longer to load than all of Qt."""
    code = (
        "import sys, app.ui.shell.application\n"
        "heavy = {'numpy', 'onnxruntime', 'sqlite_utils', 'av', 'cv2', 'app.session'} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_no_start_shows_is_not_loaded_for_it() -> None:
    code = (
        "import sys, app.ui.shell.application\n"
        "rooms = {'activity.activity_page', 'activity.problems', 'export.export_dialog',"
        " 'kept.duplicates_page', 'search.crop_dialog', 'search.filter_panel',"
        " 'settings.settings_page', 'shell.first_steps'}\n"
        "loaded = {f'app.ui.{room}' for room in rooms} & set(sys.modules)\n"
        "sys.exit(repr(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_pages_and_panels_are_made_when_they_are_wanted(open_window: OpenWindow) -> None:
    window = open_window()
    lazy = (
        window.search_bar.filter_panel,
        window.parts.activity_page,
        window.parts.duplicates_page,
        window.empty.reading_step,
    )
    assert spin_until(lambda: window.contents is not None)
    assert [part.made for part in lazy] == [None] * len(lazy)
    window.parts.commands.run("window.activity")
    page = window.parts.activity_page.made
    assert page is not None
    assert page.isVisible()
    assert page.failed.text() == "Problems · 0", "what was known before it was made is on it"


def test_a_late_part_is_told_the_last_of_each_subject_in_order() -> None:
    part: LazyPart[list[str]] = LazyPart(list)
    part.tie(lambda heard: heard.append("tied"))
    part.tell("folders", lambda heard: heard.append("one folder"))
    part.tell("paused", lambda heard: heard.append("paused"))
    part.tell("folders", lambda heard: heard.append("two folders"))
    assert part.made is None
    assert part.get() == ["tied", "paused", "two folders"]
    part.tell("paused", lambda heard: heard.append("resumed"))
    assert part.get() is part.made
    assert part.get()[-1] == "resumed"


def test_a_part_that_cannot_be_made_is_tried_again() -> None:
    results = iter([OSError("no memory"), ["made"]])

    def make() -> list[str]:
        result = next(results)
        if isinstance(result, OSError):
            raise result
        return result

    part = LazyPart(make)
    with pytest.raises(OSError, match="no memory"):
        part.get()
    assert part.get() == ["made"]


def test_the_style_sheet_is_on_once_the_window_is_put_together(
    open_window: OpenWindow, application: QApplication
) -> None:
    open_window()
    assert "QPushButton" in application.styleSheet()


def test_no_garbage_is_collected_while_everything_is_loaded(open_window: OpenWindow) -> None:
    window = open_window()
    start.collect_calmly(window)
    assert not gc.isenabled()
    assert spin_until(gc.isenabled)
    assert window.control.session_here is not None
