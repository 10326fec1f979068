"""What the side panel says about a folder."""

from dataclasses import replace
from pathlib import Path

from app.catalogue.records import Folder
from app.ui.folders.folder_model import FolderModel, FolderRole

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
