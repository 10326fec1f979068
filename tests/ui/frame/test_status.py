"""The bottom line keeps saying why indexing broke off, and follows what another Reelfind indexes."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.catalogue.records import Folder
from app.indexing.events import LinesProgress, Progress, RunFailed, RunFinished, Stage
from app.lines.line import Source
from app.session import Session
from app.ui.activity.run_card import RunCard
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.frame.status_bar import StatusBar
from app.ui.widgets.theme import Theme
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video

WAITING = Folder(
    id=1, path=Path("/videos"), online=True, videos=9, indexed=4, failed=0, pending=5, seconds=90.0, volume=1
)


def contents(folder: Folder) -> LibrarySnapshot:
    return LibrarySnapshot((folder,), scanning=False)


def test_why_a_run_broke_off_stays_until_nothing_is_left_to_do(theme: Theme) -> None:
    bar = StatusBar(theme)
    bar.show_contents(contents(WAITING))
    bar.show_event(RunFailed("The disk is full.", "Free some space."))
    bar.show_event(RunFinished(4, 0, False, 1.0))
    bar.show_contents(contents(WAITING))
    assert bar.text.full_text == "The disk is full. Free some space."
    bar.show_contents(contents(replace(WAITING, indexed=9, pending=0)))
    assert bar.text.full_text.startswith("9 videos")
    bar.deleteLater()


def test_that_another_reelfind_indexes_is_news_while_there_is_something_to_do(theme: Theme) -> None:
    """It may be told when that one is done already."""
    bar, card = StatusBar(theme), RunCard(theme)
    busy = RunFailed("Another Reelfind is already indexing.", "Nothing needs to be done.", elsewhere=True)
    done = contents(replace(WAITING, indexed=9, pending=0))
    for each in (bar, card):
        each.show_contents(contents(WAITING))
        each.show_event(busy)
    assert (
        bar.text.full_text
        == card.title.text()
        == "Another Reelfind is already indexing. Nothing needs to be done."
    )
    for each in (bar, card):
        each.show_contents(done)
        each.show_event(busy)
        each.show_contents(done)
    assert bar.text.full_text.startswith("9 videos")
    assert card.title.text() == "Nothing to do"
    for each in (bar, card):
        each.deleteLater()


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (Stage.FIRST_LOOK, "First look at 3 of 9"),
        (Stage.REFINING, "Rough results, refining 3 of 9"),
        (Stage.WHOLE, "Indexing 3 of 9"),
    ],
)
def test_a_first_look_and_what_follows_it_are_told_apart(theme: Theme, stage: Stage, says: str) -> None:
    bar = StatusBar(theme)
    bar.show_contents(contents(WAITING))
    bar.show_event(Progress(2, 9, None, 0.2, 0.0, None, stage=stage))
    assert bar.text.full_text == says
    bar.deleteLater()


def test_what_another_reelfind_indexes_appears_by_itself(
    open_window: OpenWindow, tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.background.contents_reader.ELSEWHERE_MS", 100)
    videos = tmp_path / "Videos"
    videos.mkdir()
    make_video(videos / "red.mp4", [Scene("red", 3, "still")])
    with Session(tmp_path / "library", bundle) as other:
        other.add_folder(videos)
        other.indexer.pause()
        other.indexer.start()
        assert spin_until(lambda: other.folders()[0].pending == 1)
        window = open_window()
        assert spin_until(lambda: "Another Reelfind" in window.status.text.full_text)
        other.indexer.resume()
        assert spin_until(lambda: window.contents is not None and window.contents.indexed == 1)
        assert spin_until(lambda: window.status.text.full_text.startswith("1 video"))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (Source.SUBTITLE, "Reading subtitles of 3 of 40 videos"),
        (Source.WRITING, "Reading text in 3 of 40 videos"),
        (Source.SPEECH, "Listening to 3 of 40 videos"),
    ],
)
def test_what_is_read_behind_is_told(theme: Theme, source: Source, says: str) -> None:
    bar = StatusBar(theme)
    bar.show_contents(contents(replace(WAITING, indexed=9, pending=0)))
    bar.show_event(LinesProgress(source, 2, 40, Path("/videos/a.mp4"), 0.1, 0.0, None))
    assert bar.text.full_text == f"{says} · a.mp4"
    assert not bar.pause.isHidden()
    bar.show_event(LinesProgress(source, 40, 40, None, 1.0, 0.0, None))
    assert bar.text.full_text.startswith("9 videos")
    assert bar.pause.isHidden()
    bar.deleteLater()
