"""What the side panel says about a folder."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QDialogButtonBox, QListView

from app.catalogue.records import Folder
from app.ui.folders.folder_dialog import FolderDialog, find_places
from app.ui.folders.folder_model import FolderModel, FolderRole
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until

NEW = Folder(
    id=1, path=Path("/videos"), online=True, videos=0, indexed=0, failed=0, pending=0, seconds=0.0, volume=1
)


def line(folder: Folder, *, scanning: bool) -> str:
    model = FolderModel()
    model.show([folder], scanning=scanning)
    return str(model.data(model.index(1), FolderRole.COUNTS))


def test_a_folder_that_waits_for_its_turn_does_not_claim_to_hold_no_videos() -> None:
    assert line(NEW, scanning=True) == "Waiting…"
    assert line(NEW, scanning=False) == "0 videos"
    assert line(replace(NEW, online=False), scanning=True).startswith("Not connected")


def test_several_folders_are_added_at_once(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    for name in ("one", "two", "three"):
        (tmp_path / "disk" / name).mkdir(parents=True)
    assert spin_until(lambda: window.contents is not None)
    window.folders.add.click()
    assert spin_until(lambda: window.folders.findChildren(FolderDialog))
    (dialog,) = window.folders.findChildren(FolderDialog)
    dialog.setDirectory(str(tmp_path / "disk"))
    (entries,) = dialog.findChildren(QListView, "listView")
    assert spin_until(lambda: entries.model().rowCount(entries.rootIndex()) == 3)
    wanted = set()
    for row in (0, 2):
        index = entries.model().index(row, 0, entries.rootIndex())
        wanted.add(index.data())
        flag = QItemSelectionModel.SelectionFlag
        entries.selectionModel().select(index, flag.Select | flag.Rows)
    assert spin_until(lambda: len(dialog.selectedFiles()) == 2)
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    next(button for button in buttons.buttons() if button.text() == "Add").click()
    assert spin_until(lambda: window.contents is not None and len(window.contents.folders) == 2)
    assert window.contents is not None
    assert {folder.path.name for folder in window.contents.folders} == wanted


def test_the_dialog_opens_where_videos_are(tmp_path: Path) -> None:
    videos = tmp_path / "Videos"
    assert find_places(videos, [tmp_path / "a" / "b"]).start != videos, "there is none"
    videos.mkdir()
    assert find_places(videos, []).start == videos
    (tmp_path / "disk" / "films").mkdir(parents=True)
    again = find_places(videos, [videos, tmp_path / "disk" / "films"])
    assert again.start == tmp_path / "disk"
    assert videos in again.suggested


def test_a_folder_is_searched_from_its_menu(open_window: OpenWindow, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    window.control.add_folder(tmp_path / "films")
    assert spin_until(lambda: window.contents is not None and window.contents.folders)
    assert window.contents is not None
    menu = window.folders.menu(window.contents.folders[0])
    actions = {action.text(): action for action in menu.actions()}
    assert actions["Look through again"].isEnabled()
    actions["Search in this folder"].trigger()
    assert window.folders.chosen == tmp_path / "films"
    window.folders.choose(None)
    assert window.folders.chosen is None
