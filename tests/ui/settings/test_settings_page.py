"""The settings' page in the real window: found, changed, reset, refused; nothing needs a restart."""

import gc
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.errors import LibraryError
from app.session import Session, stored_settings
from app.settings import Settings
from app.ui.settings.editors import Amount, HoursField, Switch
from app.ui.settings.setting_row import split
from app.ui.settings.settings_page import SettingsPage
from app.ui.settings.shortcut_rows import ShortcutRow
from app.ui.settings.storage_rows import ClearableRow
from app.ui.shell.main_window import MainWindow
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets.choice import Choice
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.encoder_service.service_process import running_service
from tests.ui.conftest import OpenWindow, lasting_window
from tests.ui.loop import spin_until
from tests.videos import make_video


@pytest.fixture(scope="module")
def lasting(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """A window on an open library, for all tests that leave its settings as they were."""
    place = tmp_path_factory.mktemp("lasting")
    make_bundle(place / "colours")
    with lasting_window(theme, place) as shown:
        show_settings(shown)
        gc.freeze()
        yield shown


@pytest.fixture
def window(lasting: MainWindow) -> MainWindow:
    """That window, the settings on view."""
    lasting.parts.theme.follow(lasting.parts.preferences)  # rather than a window that opened meanwhile
    show_settings(lasting)
    page_of(lasting).show_category(0)
    assert stored(lasting) == Settings()
    return lasting


@pytest.fixture
def own_window(open_window: OpenWindow) -> MainWindow:
    """One of a test's own, on an open library, the settings on view."""
    made = open_window()
    assert spin_until(lambda: made.control.session_here is not None and made.contents is not None)
    show_settings(made)
    return made


def show_settings(window: MainWindow) -> None:
    """As a person does."""
    window.activateWindow()
    assert spin_until(window.isActiveWindow)
    if not window.shows_settings:
        QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.parts.pages.is_shown(window.parts.settings)


def page_of(window: MainWindow) -> SettingsPage:
    return window.parts.settings


def stored(window: MainWindow) -> Settings:
    assert window.control.session_here is not None
    return stored_settings(window.control.session_here.catalogue)


def test_a_setting_of_the_library_is_used_at_once_and_can_be_reset(window: MainWindow) -> None:
    row = page_of(window).row("only_plugged_in")
    page_of(window).show_category(4)
    assert row.reset.isHidden()
    QTest.mouseClick(cast(Switch, row.editor), Qt.MouseButton.LeftButton)
    assert spin_until(lambda: stored(window).only_plugged_in and not row.reset.isHidden())
    row.reset.click()
    assert spin_until(lambda: not stored(window).only_plugged_in and row.reset.isHidden())


def test_what_was_chosen_does_not_jump_back_to_what_was_read_before(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings are read, a switch is clicked meanwhile, and what was read arrives when that is stored."""
    seen, answers = threading.Event(), threading.Event()
    now = Session.settings

    def slow(session: Session) -> Settings:
        settings = now.fget(session)
        seen.set()
        assert answers.wait(60)
        return settings

    row = page_of(window).row("only_plugged_in")
    page_of(window).show_category(4)
    monkeypatch.setattr(Session, "settings", property(slow))
    window.parts.settings_control.read_settings()
    assert seen.wait(60)
    monkeypatch.undo()
    shown: list[bool] = []
    window.parts.settings_control.settings.connect(lambda settings: shown.append(settings.only_plugged_in))
    QTest.mouseClick(cast(Switch, row.editor), Qt.MouseButton.LeftButton)
    assert spin_until(lambda: stored(window).only_plugged_in)
    answers.set()
    assert spin_until(lambda: not row.reset.isHidden())
    assert shown == [True]
    row.reset.click()
    assert spin_until(row.reset.isHidden)


def test_why_a_value_is_refused_stays_on_view_beside_what_is_stored(window: MainWindow) -> None:
    """The settings are read again after it: what was chosen is not shown as if it were kept."""
    page_of(window).show_category(0)
    row = page_of(window).row("rescan_every")
    window.parts.settings_control.change("rescan_every", "now and then")
    assert spin_until(lambda: not row.trouble.isHidden())
    assert spin_until(lambda: not window.parts.operations.busy)
    assert not row.trouble.isHidden()
    assert row.trouble.text()
    window.parts.settings_control.read_settings()
    assert spin_until(row.trouble.isHidden), "it is no news any more"


def test_a_scorer_that_cannot_be_stored_is_not_shown_as_chosen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise LibraryError("The disk is full.", "Free some space.")

    shown: list[str] = []
    window.parts.settings_control.settings.connect(lambda settings: shown.append(settings.scorer))
    monkeypatch.setattr(Session, "change_setting", full)
    window.parts.settings_control.change("scorer", "max")
    assert spin_until(lambda: shown)
    assert set(shown) == {Settings().scorer}


def test_numbers_choices_and_hours_are_kept_as_they_are_chosen(window: MainWindow) -> None:
    page = page_of(window)
    cast(Amount, page.row("rescan_every").editor).setValue(30)
    cast(Amount, page.row("max_rate").editor).setValue(2)
    hours = cast(HoursField, page.row("index_between").editor)
    hours.when.setCurrentIndex(1)
    hours.when.activated.emit(1)
    wanted = Settings(rescan_every=1800.0, max_rate=2.0, index_between="22:00-06:00")
    assert spin_until(lambda: stored(window) == wanted)
    for name in ("rescan_every", "max_rate", "index_between"):
        assert spin_until(lambda name=name: not page.row(name).reset.isHidden())
        page.row(name).reset.click()
    assert spin_until(lambda: stored(window) == Settings())


def test_a_preference_of_this_computer_changes_the_look_at_once(window: MainWindow) -> None:
    looks = cast(Choice, page_of(window).row("appearance").editor)
    assert not window.parts.theme.dark
    looks.activated.emit(looks.findData("dark"))
    assert window.parts.theme.dark
    page_of(window).row("appearance").reset.click()
    assert not window.parts.theme.dark


def test_the_search_finds_settings_wherever_they_are_and_marks_the_words(window: MainWindow) -> None:
    page = page_of(window)
    QTest.keyClicks(page.search, "battery")
    shown = [row.title.text_alone for section in page.sections for row in section.rows if row.isVisible()]
    assert shown == ["Only while plugged in"]
    assert "background-color" in page.row("only_plugged_in").about.text()
    rows = [page.categories.item(row) for row in range(page.categories.count())]
    assert [item.text() for item in rows if not item.isHidden()] == ["Indexing"]
    assert not page.categories.selectedItems()
    QTest.keyClicks(page.search, " xyz")
    assert page._none.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert not page.search.text()
    assert len(page.categories.selectedItems()) == 1
    assert page.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert not window.parts.pages.is_shown(page)


def test_marks_stand_where_the_words_are() -> None:
    assert split("Text in pictures", ["in", "pict"]) == [
        ("Text ", False),
        ("in", True),
        (" ", False),
        ("pict", True),
        ("ures", False),
    ]
    assert split("İ", ["x"]) == [("İ", False)]


def test_patterns_say_what_they_leave_out_while_they_are_typed(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    videos = tmp_path / "videos"
    (videos / "Archive").mkdir(parents=True)
    make_video(videos / "Archive" / "old.mp4", [((255, 0, 0), 1)])
    make_video(videos / "new.mp4", [((0, 255, 0), 1)])
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    window.control.add_folder(videos)
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 2)
    window.settings_flow.show()
    page = page_of(window)
    page.show_category(3)
    row = page.exclude
    row.field.setPlainText("Archive/")
    assert spin_until(lambda: "old.mp4" in row.says.text())
    assert "new.mp4" not in row.says.text()
    row.field.setPlainText("!")
    assert spin_until(lambda: "not a valid pattern" in row.says.text())
    assert not row.apply.isEnabled()
    row.field.setPlainText("Archive/")
    assert spin_until(row.apply.isEnabled)
    row.apply.click()
    assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
    assert stored(window).exclude == "Archive/"


def test_past_searches_are_counted_and_forgotten_when_a_person_agrees(window: MainWindow) -> None:
    session, page = window.control.session_here, page_of(window)
    assert session is not None
    session.note_search("a dog")
    page.show_category(9)
    page.enter()
    row = page.privacy.searches
    assert spin_until(lambda: row.amount.text() == "1")
    row.clear.click()
    assert row.question is not None
    row.question.yes.click()
    assert spin_until(lambda: not session.catalogue.past_searches())
    assert spin_until(lambda: row.amount.text() == "0" and not row.clear.isEnabled())


def test_storage_tells_the_size_of_every_kind_of_file(window: MainWindow) -> None:
    page_of(window).show_category(8)
    rows = {row.name: row for row in page_of(window).storage.rows if isinstance(row, ClearableRow)}
    assert spin_until(lambda: "B" in rows["database"].amount.text())
    assert set(rows) > {"thumbnails", "vectors", "frames", "models", "speech_models", "log"}
    assert all(row.amount.text() != "–" for row in rows.values())


def test_a_shortcut_can_be_changed_a_conflict_is_told_and_it_can_be_reset(
    own_window: MainWindow, tmp_path: Path
) -> None:
    page_of(own_window).show_category(10)
    section = page_of(own_window).shortcuts
    page_of(own_window).show_category(len(page_of(own_window).sections) - 1)
    assert spin_until(lambda: section.filled)
    rows = {row.command.id: row for row in section.rows if isinstance(row, ShortcutRow)}
    settings = rows["window.settings"]
    settings.field.setKeySequence("Ctrl+Q")
    settings.field.editingFinished.emit()
    assert own_window.parts.commands.keys_of("window.settings") == ("Ctrl+Q",)
    assert "Quit" in settings.conflict.text()
    assert PreferenceStore(tmp_path / "library" / "preferences.json").current.shortcuts == {
        "window.settings": ("Ctrl+Q",)
    }
    settings.reset.click()
    assert own_window.parts.commands.keys_of("window.settings") == ("Ctrl+,",)
    assert not settings.conflict.text()


def test_every_control_has_a_name(window: MainWindow) -> None:
    page = page_of(window)
    assert page.row("cores") in page.setting_rows
    for row in page.setting_rows:
        assert row.editor.accessibleName() == row.title.text_alone
        assert row.reset.accessibleName()


def test_a_speech_model_on_this_computer_can_be_chosen(own_window: MainWindow, home: Path) -> None:
    folder = home / "speech-models" / "base"
    folder.mkdir(parents=True)
    (folder / "model.bin").touch()
    page = page_of(own_window)
    page.show_category(5)
    page.enter()
    models = cast(Choice, page.row("speech_model").editor)
    assert spin_until(lambda: models.findData("base") > 0)
    assert models.findData("small") < 0
    models.activated.emit(models.findData("base"))
    assert spin_until(lambda: stored(own_window).speech_model == "base")
    assert spin_until(lambda: models.currentText() == "base")


def test_another_computer_is_tried_as_soon_as_its_address_is_used(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the button with the model's name says that it helps, or why not."""
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    page, engine = page_of(window), window.parts.status.engine
    page.show_category(4)
    row = page.encoder
    assert row.apply.isHidden()
    assert row.test.isHidden()
    row.address.setText("ftp://8.8.8.8")
    row.apply.click()
    assert spin_until(lambda: "is not the address" in row.says.text())
    row.address.setText("http://127.0.0.1:1")
    row.secret.setText("a-token-of-a-test-0123456789")
    assert row.secret.echoMode() is QLineEdit.EchoMode.Password
    row.apply.click()
    assert spin_until(lambda: stored(window).encoder_url == "http://127.0.0.1:1")
    assert spin_until(lambda: "cannot be reached" in row.says.text())
    assert row.secret.text() == ""
    assert spin_until(lambda: "this computer encodes meanwhile" in engine.toolTip())
    assert not row.test.isHidden()
    row.address.clear()
    row.apply.click()
    assert spin_until(lambda: stored(window).encoder_url == "" and row.says.isHidden())
    assert spin_until(lambda: "this computer encodes meanwhile" not in engine.toolTip())


def test_a_computer_that_helps_is_named(
    own_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    page, session = page_of(own_window), own_window.control.session_here
    assert session is not None
    page.show_category(4)
    shutil.copytree(session.bundle.folder, tmp_path / "home" / "models" / "colours")
    with running_service(tmp_path / "home", "--model", "colours") as service:
        page.encoder.address.setText(service.url)
        page.encoder.secret.setText(service.setting.split()[1])
        page.encoder.apply.click()
        assert spin_until(lambda: "studio encodes frames for this computer" in page.encoder.says.text())
        assert spin_until(lambda: "runs on studio (CPU)" in own_window.parts.status.engine.toolTip())


def test_a_vector_store_is_tried_as_soon_as_its_address_is_used(
    own_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key stays on this computer, and is not shown."""
    pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    page = page_of(own_window)
    page.show_category(7)
    row = page.vector_store
    assert spin_until(row.isVisible)
    assert row.test.isHidden()
    row.address.setText("http://192.168.1.20:6333")
    row.apply.click()
    assert spin_until(lambda: "no key for 192.168.1.20:6333" in row.says.text())
    row.address.setText("127.0.0.1:9")
    row.secret.setText("a-key-of-a-good-length")
    assert row.secret.echoMode() is QLineEdit.EchoMode.Password
    row.apply.click()
    assert spin_until(lambda: stored(own_window).vector_store_url == "http://127.0.0.1:9")
    assert spin_until(lambda: "vector store at 127.0.0.1:9 cannot be reached" in row.says.text())
    assert (row.address.text(), row.secret.text()) == ("http://127.0.0.1:9", "")
    assert not row.test.isHidden()
    row.address.clear()
    row.apply.click()
    assert spin_until(lambda: stored(own_window).vector_store_url == "" and row.says.isHidden())


def test_no_choice_makes_a_section_wider_than_a_small_window(own_window: MainWindow) -> None:
    """Its longest choice may be: the box gives way, not what stands beside it."""
    own_window.resize(800, 600)
    page = page_of(own_window)
    long = cast(Choice, page.row("scorer").editor)
    long.addItem("What suits the model, said in a language that takes its time")
    for place in (4, 7):
        page.show_category(place)
        section = page.sections[place]
        assert spin_until(section.isVisible)
        assert section.minimumSizeHint().width() <= page._area.viewport().width(), section.title
