"""Export through the real window: asked for, run, followed, stopped; and clips that are dragged out."""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.catalogue.catalogue import Catalogue
from app.exporting import moments_to_export
from app.exporting.export_request import ExportKind, ExportMoment
from app.search.outcome import Moment
from app.session import Session
from app.ui.export.drag import FOLDER, MomentsMimeData
from app.ui.export.export_control import ExportControl
from app.ui.export.export_dialog import ExportDialog
from app.ui.shell.main_window import MainWindow
from app.ui.system.file_urls import path_of
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.ui.conftest import OpenWindow, close, come_to_rest, lasting_window
from tests.ui.libraries import fill_library
from tests.ui.loop import StallMeter, spin_until
from tests.videos import Scene, make_video

SCENES = [Scene("red", 4), Scene("blue", 4)]


def index_video(place: Path) -> None:
    """A library of one real video in a folder."""
    (place / "movies").mkdir()
    with Session(place / "library", make_bundle(place / "colours")) as session:
        colours = {"red & blue.mp4": ["red"] * 4 + ["blue"] * 4}
        fill_library(session, place / "movies", colours, lambda path, _: make_video(path, SCENES, gop=20))


def find_red(window: MainWindow, out: Path) -> MainWindow:
    """Let a window show what “red” finds, and export into a folder."""
    out.mkdir()
    window.parts.preferences.change(export_folder=str(out), export_choice="clips")
    window.search_flow.ask("red")
    assert spin_until(lambda: window.results_model.rowCount() > 0)
    return window


@pytest.fixture(scope="module")
def lasting(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window on such a library, for all tests that leave its video alone."""
    place = tmp_path_factory.mktemp("lasting")
    index_video(place)
    with lasting_window(theme, place) as shown:
        yield shown


@pytest.fixture
def window(lasting: MainWindow, tmp_path: Path) -> Iterator[MainWindow]:
    """That window with what “red” finds in it, no dialog open, and a folder for exports."""
    yield find_red(lasting, tmp_path / "out")
    lasting.export_flow.dialog.reject()
    come_to_rest(lasting)


@pytest.fixture
def own_window(open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    """One of a test's own."""
    index_video(tmp_path)
    shown = open_window()
    assert spin_until(lambda: shown.control.session_here is not None and shown.contents is not None)
    return find_red(shown, tmp_path / "out")


def moments(window: MainWindow) -> tuple[Moment, ...]:
    return tuple(window.results_model.moment(row) for row in range(window.results_model.rowCount()))


def asked(window: MainWindow) -> ExportDialog:
    """The dialog, as the menu's “Export…” opens it."""
    dialog = window.export_flow.dialog
    window.parts.actions.export.emit(moments(window)[:1])
    assert spin_until(lambda: dialog.isVisible() and dialog.export.isEnabled())
    return dialog


def test_a_moment_becomes_a_clip(window: MainWindow, tmp_path: Path) -> None:
    dialog = asked(window)
    assert dialog.title.text().startswith("Export 1 moment")
    assert dialog.form.place.full_text == str(tmp_path / "out")
    assert dialog.space.text().startswith("About ")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert spin_until(lambda: dialog.title.text() == "Exported")
    (file,) = (tmp_path / "out").iterdir()
    assert file.suffix == ".mp4"
    assert dialog.outcome.first_file == file
    assert dialog.show_files.isVisible()
    assert file.name in [line.full_text for line in dialog.outcome.findChildren(type(dialog.form.place))]
    assert not window.parts.export_note.isVisible()


def test_of_two_exports_that_are_asked_for_at_once_the_last_is_prepared(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, shown = ExportControl(window.parts.operations, window), moments(window)
    assert window.control.session_here is not None
    control.set_session(window.control.session_here)
    looked, answers = threading.Event(), threading.Event()
    found_moments = moments_to_export.found_moments

    def slow(catalogue: Catalogue, wanted: Sequence[Moment], query: str) -> tuple[ExportMoment, ...]:
        monkeypatch.undo()
        looked.set()
        assert answers.wait(60)
        return found_moments(catalogue, wanted, query)

    monkeypatch.setattr(moments_to_export, "found_moments", slow)
    prepared: list[tuple[ExportMoment, ...]] = []
    control.prepared.connect(prepared.append)
    control.prepare(shown[:1], "first")
    assert looked.wait(60)
    control.prepare(shown[:1], "last")
    assert spin_until(lambda: prepared)
    answers.set()
    assert spin_until(lambda: not window.parts.operations.busy)
    assert [[moment.query for moment in each] for each in prepared] == [["last"]]


def test_what_was_chosen_is_remembered(own_window: MainWindow, tmp_path: Path) -> None:
    dialog = asked(own_window)
    dialog.form.choose("edl")
    dialog.form.handles.setValue(1.5)
    assert dialog.form.way.kind is ExportKind.EDL
    assert dialog.form.options.handles == 1.5
    assert spin_until(dialog.export.isEnabled)
    dialog.export.click()
    assert spin_until(lambda: dialog.title.text() == "Exported")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["red.edl"]
    dialog.reject()
    assert asked(own_window).form.way.id == "edl"


def test_only_what_can_be_chosen_is_shown(window: MainWindow) -> None:
    form = asked(window).form
    shown = {}
    for row in range(form.list.count()):
        form.list.setCurrentRow(row)
        fields = {"handles": form.handles, "size": form.size_field, "rate": form.rate_field}
        shown[form.way.kind.value] = {name for name, field in fields.items() if field.isVisible()}
    assert shown == {
        "clips": {"handles"},
        "stills": set(),
        "gif": {"handles", "size", "rate"},
        "sheet": set(),
        "otio": {"handles"},
        "csv": set(),
    }


def test_a_closed_dialog_lets_the_export_go_on_and_the_status_bar_stops_it(
    own_window: MainWindow, tmp_path: Path
) -> None:
    dialog = asked(own_window)
    dialog.form.choose("clips-exact")
    dialog._moments = dialog._moments * 200
    assert spin_until(dialog.export.isEnabled)
    meter = StallMeter()
    meter.start()
    dialog.export.click()
    assert spin_until(lambda: dialog.working.bar.value() > 0)
    assert meter.stop() < 1.0, "an export does not hold up the window"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    note = own_window.parts.export_note
    assert note.isVisible()
    note.text.click()
    assert dialog.isVisible()
    dialog.reject()
    before = time.monotonic()
    note.stop.click()
    assert spin_until(lambda: not own_window.parts.export_control.running)
    assert time.monotonic() - before < 5.0
    assert not note.isVisible()
    assert dialog.title.text() == "Export stopped"
    assert not [file for file in (tmp_path / "out").iterdir() if file.name.startswith(".")]


def test_what_fails_is_listed_with_why(own_window: MainWindow, tmp_path: Path) -> None:
    dialog = asked(own_window)
    (tmp_path / "movies" / "red & blue.mp4").unlink()
    dialog.export.click()
    assert spin_until(lambda: dialog.title.text() == "Nothing was exported")
    said = "\n".join(line.text() for line in dialog.outcome.lines)
    assert "could not be exported" in said
    assert "Its video is not there." in said
    assert not dialog.show_files.isVisible()


def test_a_folder_without_room_or_gone_is_told_before(window: MainWindow, tmp_path: Path) -> None:
    dialog = asked(window)
    dialog.form.set_folder(tmp_path / "gone")
    assert spin_until(lambda: "cannot be used" in dialog.space.text())
    assert not dialog.export.isEnabled()
    dialog.form.set_folder(tmp_path / "out")
    assert spin_until(dialog.export.isEnabled)


def test_the_window_closes_in_the_middle_of_an_export(own_window: MainWindow, tmp_path: Path) -> None:
    dialog = asked(own_window)
    dialog.form.choose("clips-exact")
    assert spin_until(dialog.export.isEnabled)
    dialog.export.click()
    close(own_window)
    assert all(not file.name.startswith(".") for file in (tmp_path / "out").iterdir())


def test_a_drag_carries_the_clip_and_its_place(window: MainWindow, home: Path) -> None:
    moment = moments(window)[0]
    data = window.export_flow.drags.mime_data((moment,))
    assert data.hasUrls()
    assert data.text().startswith(f"{moment.path}@0:0")
    (url,) = data.urls()
    clip = path_of(url)
    assert clip.parent == home / "cache" / FOLDER
    assert clip.stat().st_size > 1000


def test_a_drag_whose_clip_cannot_be_made_carries_the_video(own_window: MainWindow, tmp_path: Path) -> None:
    moment = moments(own_window)[0]
    moment.path.write_bytes(os.urandom(4000))
    (url,) = own_window.export_flow.drags.mime_data((moment,)).urls()
    assert path_of(url) == moment.path
    assert not MomentsMimeData([]).hasUrls()


def test_what_nobody_waits_for_any_more_is_not_cut(window: MainWindow, home: Path) -> None:
    moment = moments(window)[0]
    drags, cut = window.export_flow.drags, home / "cache" / FOLDER
    first, second = drags.mime_data((moment,)), drags.mime_data((moment,))
    assert path_of(second.urls()[0]).parent == cut
    assert path_of(first.urls()[0]) == moment.path, "the second drag ended it"
    before = set(cut.iterdir())
    let_go = drags.mime_data((moment,))
    shiboken6.delete(let_go)
    assert spin_until(lambda: not window.parts.operations.busy)
    assert set(cut.iterdir()) == before
