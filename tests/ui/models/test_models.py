"""Models are listed, added, imported, removed and chosen in the window; the stores and bundles are real."""

import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from app.model_store.conversion import EXTRA, add_model
from app.model_store.importing import import_bundle
from app.model_store.recommended import ranked, recommended_models
from app.model_store.store import ModelStore
from app.ui.models.model_rows import InstalledRow, ModelRow, RecommendedRow
from app.ui.models.models_dialog import ModelsDialog
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.notice import (
    Command,
    Notice,
    Question,
    WorkingNote,
)
from tests.bundles import make_bundle
from tests.ui.conftest import ShowModels
from tests.ui.loop import FREEZE, StallMeter, spin_until
from tests.ui.models.colours import index_colours
from tests.ui.test_layout import SMALL

pytestmark = pytest.mark.usefixtures("known_processor")

OFFERED = next(model for model in recommended_models() if model.needs_torch)


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What adds models is a stand-in that goes on once this file is there; its content may be `fail`."""
    file = tmp_path / "gate"
    script = str(Path(__file__).with_name("stand_in.py"))
    stand_in = partial(add_model, command=[sys.executable, script, str(file)])
    monkeypatch.setattr("app.model_store.conversion.add_model", stand_in)
    monkeypatch.setattr("app.model_store.conversion.missing_packages", lambda: [])
    return file


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second model, as somebody else would name it, in a store."""
    folder = tmp_path_factory.mktemp("imported")
    return import_bundle(make_bundle(folder / "source", name="other"), ModelStore(folder / "store")).folder


@pytest.fixture
def other(imported: Path) -> Path:
    """The second model on this computer."""
    store = ModelStore().folder
    shutil.copytree(imported.parent, store)
    return store / imported.name


def installed(dialog: ModelsDialog, name: str) -> InstalledRow:
    [row] = [row for row in dialog.findChildren(InstalledRow) if row.model.name == name]
    return row


def offered(dialog: ModelsDialog, name: str = OFFERED.name) -> RecommendedRow:
    [row] = [row for row in dialog.findChildren(RecommendedRow) if row.model.name == name]
    return row


def names(dialog: ModelsDialog) -> list[str]:
    """Of the installed models, as listed."""
    rows = dialog.findChildren(InstalledRow)
    return [row.model.name for row in rows if not row.isHidden() and row.window() is dialog]


def words(part: ModelRow | Notice | WorkingNote | ModelsDialog) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if not label.isHidden())


def in_view(dialog: ModelsDialog, part: QWidget) -> bool:
    """Whether all of it can be seen without scrolling."""
    [area] = dialog.findChildren(QScrollArea)
    return part.visibleRegion().boundingRect() == part.rect() and area.isAncestorOf(part)


def start_adding(dialog: ModelsDialog) -> WorkingNote:
    """Ask for the offered model and agree; returns what shows how far it is."""
    row = offered(dialog)
    row.add.click()
    question = row.findChild(Question)
    assert question is not None
    assert "sent" in words(row)
    question.yes.click()
    assert spin_until(lambda: "412 MB of 1.0 GB" in words(row))
    working = row.findChild(WorkingNote)
    assert working is not None
    return working


def test_what_is_known_of_every_model_is_listed(other: Path, lasting_dialog: ModelsDialog) -> None:
    lasting_dialog.close()
    meter = StallMeter()
    meter.start()
    lasting_dialog.show_models()
    rows = list(lasting_dialog.findChildren(RecommendedRow))
    assert spin_until(lambda: all("frames/s" in row.worth.text() for row in rows))
    assert meter.stop() <= FREEZE
    assert names(lasting_dialog) == ["pocket", "other"]
    assert "Apache-2.0" in words(installed(lasting_dialog, "pocket"))
    assert "trained re-scoring" in words(installed(lasting_dialog, "pocket"))
    assert "plain pooling" in words(installed(lasting_dialog, "other"))
    assert not installed(lasting_dialog, "pocket").remove.isVisible(), "it belongs to the program"
    assert [row.model for row in rows] == ranked()
    for row in rows:
        assert row.model.licence_note in words(row)
        assert row.model.quality in row.worth.text().replace("\N{NO-BREAK SPACE}", " ")
        assert row.model.quality_source in row.worth.toolTip()


def test_the_store_of_the_user_is_not_touched_by_looking(lasting_dialog: ModelsDialog, home: Path) -> None:
    assert not (home / "models").exists()


def test_a_model_is_imported_and_used(
    show_models: ShowModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_bundle(tmp_path / "<i>source", name="imported")
    window, dialog = show_models()
    window.choosing.models.import_from(source)
    assert spin_until(lambda: "imported" in names(dialog))
    row = installed(dialog, "imported")
    question = row.below
    assert isinstance(question, Question)
    assert "is ready" in words(row)
    assert dialog.focusWidget() is question.yes
    QTest.keyClick(question.yes, Qt.Key.Key_Return)
    assert spin_until(lambda: row.badge.text() == "In use"), "nothing had to be prepared"
    assert window.status.engine.text() == "Model: Imported 1"
    assert "Now using" in window.status.text.full_text
    assert not row.remove.isVisible()


def test_what_is_no_model_is_refused_in_place(lasting_dialog: ModelsDialog, tmp_path: Path) -> None:
    (tmp_path / "<b>none.zip").write_text("no archive")
    lasting_dialog._control.import_from(tmp_path / "<b>none.zip")
    assert spin_until(lambda: lasting_dialog.findChild(Notice) is not None)
    notice = lasting_dialog.findChild(Notice)
    assert notice is not None
    assert "<b>none.zip" in notice.sentence.text()
    assert notice.advice.text()
    assert lasting_dialog.another.isEnabled()


def test_a_model_is_added_while_the_dialog_is_closed(show_models: ShowModels, gate: Path) -> None:
    window, dialog = show_models()
    start_adding(dialog)
    assert all(not row.add.isEnabled() for row in dialog.findChildren(RecommendedRow))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert window.status.adding.isVisible()
    assert "41 %" in window.status.adding.text()
    gate.write_text("go")
    assert spin_until(lambda: not window.status.adding.isVisible())
    assert "was added" in window.status.text.full_text
    QTest.mouseClick(window.status.engine, Qt.MouseButton.NoButton)
    window.status.models_wanted.emit()
    assert spin_until(lambda: len(names(dialog)) == 2)
    assert OFFERED.name not in [row.model.name for row in dialog.findChildren(RecommendedRow)] or all(
        row.isHidden() for row in dialog.findChildren(RecommendedRow) if row.model.name == OFFERED.name
    )


def test_adding_can_be_cancelled(lasting_dialog: ModelsDialog, gate: Path) -> None:
    working = start_adding(lasting_dialog)
    QTest.keyClick(working.stop, Qt.Key.Key_Space)
    assert "Stopping" in words(offered(lasting_dialog))
    assert spin_until(lambda: lasting_dialog._control.adding is None)
    assert offered(lasting_dialog).add.isVisible()
    assert offered(lasting_dialog).add.isEnabled()
    assert lasting_dialog.findChild(Notice) is None, "what was asked for is no failure"


def test_why_a_model_could_not_be_added_is_said_in_its_row(lasting_dialog: ModelsDialog, gate: Path) -> None:
    start_adding(lasting_dialog)
    gate.write_text("fail")
    assert spin_until(lambda: "The network is not reachable." in words(offered(lasting_dialog)))
    assert "Connect to it and try again." in words(offered(lasting_dialog))
    assert offered(lasting_dialog).add.isEnabled()


def test_closing_the_window_stops_adding(show_models: ShowModels, gate: Path) -> None:
    window, dialog = show_models()
    start_adding(dialog)
    done: list[bool] = []
    window.closed.connect(lambda: done.append(True))
    window.close()
    assert not dialog.isVisible()
    assert spin_until(lambda: bool(done), 20.0)


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.model_store.conversion.missing_packages", lambda: ["torch", "open_clip"])


def test_where_packages_are_missing_the_command_is_there_to_copy(
    without_packages: None, lasting_dialog: ModelsDialog
) -> None:
    offered(lasting_dialog).add.click()
    assert "torch, open_clip" in words(offered(lasting_dialog))
    command = offered(lasting_dialog).findChild(Command)
    assert command is not None
    command.copy.click()
    assert QGuiApplication.clipboard().text() == EXTRA
    assert lasting_dialog._control.adding is None, "nothing was started"


def test_a_model_is_removed_only_after_a_question(other: Path, lasting_dialog: ModelsDialog) -> None:
    lasting_dialog.resize(lasting_dialog.minimumSize())
    row = installed(lasting_dialog, "other")
    row.remove.click()
    question = row.findChild(Question)
    assert question is not None
    assert lasting_dialog.focusWidget() is question.no
    QTest.keyClick(question.no, Qt.Key.Key_Escape)
    assert lasting_dialog.isVisible(), "Esc answers the question"
    assert lasting_dialog.focusWidget() is row.remove
    row.remove.click()
    assert isinstance(row.below, Question)
    assert spin_until(lambda: isinstance(row.below, Question) and in_view(lasting_dialog, row.below.yes))
    row.below.yes.click()
    assert spin_until(lambda: names(lasting_dialog) == ["pocket"])
    assert not other.exists()


@pytest.fixture
def switching(show_models: ShowModels, other: Path, tmp_path: Path) -> tuple[MainWindow, ModelsDialog]:
    """Three videos are indexed, `other` was chosen, and indexing is paused before its first video."""
    window, dialog = show_models()
    index_colours(window, tmp_path / "Videos")
    assert spin_until(lambda: bool(window.contents and not window.contents.scanning))
    window.search_bar.field.setText("red")
    window.searching.search_now()
    assert spin_until(lambda: window.results_model.outcome is not None)
    window.control.set_paused(True)
    session = window.control.session_here
    assert session is not None
    assert spin_until(lambda: session.indexer.paused)
    installed(dialog, "other").use.click()
    assert spin_until(lambda: "Switching to Other 1" in window.status.text.full_text)
    return window, dialog


def test_the_old_model_answers_until_the_new_one_is_ready(
    switching: tuple[MainWindow, ModelsDialog],
) -> None:
    window, dialog = switching
    row = installed(dialog, "other")
    assert "0 of 3 ready" in window.status.text.full_text
    assert row.badge.text() == "0 of 3 ready"
    assert window.status.engine.text() == "Model: Colours 1"
    assert window.status.switch.isVisible()
    before = window.results_model.outcome
    window.control.set_paused(False)
    assert spin_until(lambda: window.status.engine.text() == "Model: Other 1")
    assert spin_until(lambda: window.results_model.outcome is not before), "the results are refreshed"
    outcome = window.results_model.outcome
    assert outcome is not None
    assert outcome.moments[0].path.name == "red.mp4"
    assert spin_until(lambda: not window.status.switch.isVisible())
    assert row.badge.text() == "In use"


def test_one_can_switch_at_once(switching: tuple[MainWindow, ModelsDialog]) -> None:
    window, _ = switching
    window.status.switch.now.trigger()
    assert spin_until(lambda: window.status.engine.text() == "Model: Other 1")
    assert "Now using Other 1" in window.status.text.full_text


def test_one_can_stay_with_the_old_model(switching: tuple[MainWindow, ModelsDialog]) -> None:
    window, dialog = switching
    window.status.switch.cancel.trigger()
    assert spin_until(lambda: not window.status.switch.isVisible())
    assert window.status.engine.text() == "Model: Colours 1"
    assert installed(dialog, "other").use.isVisible()


def test_a_damaged_model_says_so_where_it_was_chosen(other: Path, lasting_dialog: ModelsDialog) -> None:
    (other / "image.onnx").write_bytes(b"no graph")
    installed(lasting_dialog, "other").use.click()
    assert spin_until(lambda: installed(lasting_dialog, "other").findChild(Notice) is not None)
    assert "image.onnx" in words(installed(lasting_dialog, "other"))


def test_a_notice_stays_when_the_list_is_read_again(other: Path, lasting_dialog: ModelsDialog) -> None:
    shown = lasting_dialog._shown
    assert shown is not None
    lasting_dialog.show_failure("other", "It is damaged.", "Import it again.")
    before = installed(lasting_dialog, "other")
    lasting_dialog.show_shelf(replace(shown, recommended=()))
    assert installed(lasting_dialog, "other") is not before
    assert "It is damaged." in words(installed(lasting_dialog, "other"))
    lasting_dialog.show_models()
    lasting_dialog.show_shelf(shown)
    assert "It is damaged." in words(installed(lasting_dialog, "other"))


def test_everything_can_be_reached_by_tab(other: Path, lasting_dialog: ModelsDialog) -> None:
    reached: set[QAbstractButton] = set()
    for _ in range(60):
        focused = lasting_dialog.focusWidget()
        if isinstance(focused, QAbstractButton):
            reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    buttons = {button for button in lasting_dialog.findChildren(QAbstractButton) if button.isVisible()}
    assert buttons <= reached
    assert all(button.text() or button.accessibleName() for button in buttons)
    spoken = [button.accessibleName() for button in buttons if button.accessibleName()]
    assert len(spoken) == len(set(spoken)), "each says which model it is about"


def test_it_fits_a_small_window(show_models: ShowModels, gate: Path, tmp_path: Path) -> None:
    import_bundle(make_bundle(tmp_path / "long", name="x" * 90), ModelStore())
    window, dialog = show_models()
    window.resize(*SMALL)
    dialog.close()
    window.status.models_wanted.emit()
    assert dialog.width() <= SMALL[0]
    assert dialog.height() <= SMALL[1]
    start_adding(dialog)
    area = dialog.findChildren(ModelRow)[0].parentWidget()
    assert area is not None
    for row in (row for row in dialog.findChildren(ModelRow) if not row.isHidden()):
        assert row.geometry().right() <= area.width()
        for label in (label for label in row.findChildren(QLabel) if label.wordWrap()):
            assert label.isHidden() or label.height() >= label.heightForWidth(label.width())
    for button in (button for button in dialog.findChildren(QAbstractButton) if button.isVisible()):
        assert button.width() >= button.minimumSizeHint().width()
        assert 0 <= button.mapTo(dialog, QPoint(0, 0)).x() <= dialog.width() - button.width()


def test_foreign_words_are_shown_as_they_are(show_models: ShowModels, other: Path) -> None:
    manifest = other / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"Apache-2.0"', '"<b>mine</b> &amp; yours"'))
    _, dialog = show_models()
    assert "<b>mine</b> &amp; yours" in words(installed(dialog, "other"))
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.pixmap().isNull()
