"""What is said about models in words, in the status bar and in the rows."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.catalogue.records import Folder
from app.indexing.events import Progress, RunFinished
from app.model_store.making_process import AddProgress
from app.model_store.recommended import recommended_models
from app.session import PendingModel
from app.ui.background.snapshots import EngineSnapshot, LibrarySnapshot
from app.ui.frame.status_bar import StatusBar
from app.ui.models import model_words as words
from app.ui.models.models_control import Adding
from app.ui.models.store_work import LibrarySize
from app.ui.models.switch_button import switching_words
from app.ui.widgets.theme import Theme
from tests.ui.loop import spin_until

PENDING = PendingModel("SigLIP 2 B/32", Path("/models/siglip"), 412, 1030, 0)
DISK = Folder(
    id=1,
    path=Path("/media/Holidays"),
    online=False,
    videos=9,
    indexed=9,
    failed=0,
    pending=0,
    seconds=9.0,
    volume=1,
)
FAR = "Switching to SigLIP 2 B/32: 412 of 1,030 ready"
SWITCHING = Progress(3, 618, Path("/videos/beach.mp4"), 0.1, 7.2, 840.0, model="SigLIP 2 B/32")


@pytest.mark.parametrize(
    ("pending_model", "paused", "offline", "says"),
    [
        (PENDING, False, (), FAR),
        (PENDING, True, (), f"{FAR}, paused"),
        (PENDING, False, ("Holidays",), FAR),
        (
            replace(PENDING, waiting_offline=618),
            False,
            ("Holidays",),
            f"{FAR} · the rest waits for “Holidays”, which is not connected",
        ),
        (
            replace(PENDING, waiting_offline=618),
            False,
            ("Holidays", "Work"),
            f"{FAR} · the rest waits for folders that are not connected",
        ),
    ],
)
def test_a_switch_says_how_far_it_is_and_what_it_waits_for(
    pending_model: PendingModel, paused: bool, offline: tuple[str, ...], says: str
) -> None:
    assert switching_words(pending_model, paused=paused, offline=offline) == says


def test_the_status_bar_follows_a_switch(theme: Theme) -> None:
    bar = StatusBar(theme)
    contents = LibrarySnapshot((DISK,), scanning=True, pending_model=PENDING)
    bar.show_contents(contents)
    bar.show_event(SWITCHING)
    assert bar.text.full_text == (f"{FAR} · 14 min left · 7.2× real time · beach.mp4")
    assert not bar.switch.isHidden()
    assert bar.bar.value() == 400
    bar.pause.click()
    assert "412 of 1,030 ready, paused" in bar.text.full_text
    bar.show_event(RunFinished(3, 0, False, 1.0))
    held_up = replace(contents, scanning=False, pending_model=replace(PENDING, waiting_offline=618))
    bar.show_contents(held_up)
    assert "waits for “Holidays”" in bar.text.full_text
    bar.show_contents(replace(contents, pending_model=None))
    assert bar.switch.isHidden()
    assert bar.text.full_text.startswith("9 videos")
    bar.deleteLater()


def test_where_there_is_little_room_the_count_is_said(theme: Theme) -> None:
    bar = StatusBar(theme)
    bar.show_engine(EngineSnapshot("Perception Encoder B/16, 224 px", "CPU", "t-mass", True))
    bar.show_contents(LibrarySnapshot((DISK,), scanning=True, pending_model=PENDING))
    bar.show_event(SWITCHING)
    bar.show_adding(Adding("M", "Perception Encoder B/16", AddProgress("check", 1, 4)))
    bar.resize(1600, 42)
    bar.show()
    assert bar.text.text() == bar.text.full_text
    for width in range(1500, 700, -50):
        bar.resize(width, 42)
        assert spin_until(lambda: bar.adding.geometry().right() < bar.engine.geometry().left())
        assert "412 of 1,030 ready" in bar.text.text()
        assert bar.engine.geometry().right() <= width
    bar.close()
    bar.deleteLater()


def test_new_videos_for_the_old_model_are_no_part_of_the_switch(theme: Theme) -> None:
    bar = StatusBar(theme)
    bar.show_contents(LibrarySnapshot((DISK,), scanning=True, pending_model=PENDING))
    bar.show_event(replace(SWITCHING, model=""))
    assert bar.text.full_text.startswith("Indexing 4 of 618")
    bar.deleteLater()


def test_a_note_gives_way_to_what_is_said_otherwise(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.frame.status_bar.NOTE_MS", 50)
    bar = StatusBar(theme)
    bar.show_contents(LibrarySnapshot((DISK,), scanning=False))
    bar.note("Now using SigLIP 2")
    bar.show_contents(LibrarySnapshot((DISK,), scanning=False))
    assert bar.text.full_text == "Now using SigLIP 2"
    assert spin_until(lambda: bar.text.full_text.startswith("9 videos"))
    bar.deleteLater()


@pytest.mark.parametrize(
    ("progress", "says", "in_brief"),
    [
        (None, "Starting…", "Adding M…"),
        (
            AddProgress("download", 120_000_000, 605_000_000),
            "Downloading: 120 MB of 605 MB",
            "Adding M · 20 %",
        ),
        (AddProgress("download", 120_000_000, None), "Downloading: 120 MB", "Adding M…"),
        (AddProgress("check", 1, 4), "Comparing it with the original…", "Adding M · 25 %"),
        (AddProgress("<b>new</b>", 0, None), "<b>new</b>", "Adding M…"),
    ],
)
def test_every_stage_of_adding_is_said_in_words(
    progress: AddProgress | None, says: str, in_brief: str
) -> None:
    adding = Adding("M", "M", progress)
    assert words.stage(adding) == says
    assert words.adding_in_brief(adding) == in_brief
    assert words.stage(replace(adding, stopping=True)) == "Stopping…"


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_speed_is_said_so_that_it_means_something() -> None:
    model = recommended_models()[0]
    assert plain(words.worth(model, 14.2)) == f"about 14 frames/s here · 5.6 GB of memory · {model.quality}"
    assert "an hour of video takes about 4 min" in " ".join(words.about_worth(model, 14.2))
    assert plain(words.worth(model, None)) == f"5.6 GB of memory · {model.quality}"


def test_how_long_indexing_again_takes_is_said_of_the_library_that_is_open() -> None:
    assert words.indexing(3.6, LibrarySize(212, 8640)) == "Indexing your 212 videos again takes about 40 min."
    assert words.indexing(3.6, LibrarySize(1, 3)) == "Indexing your 1 video again takes about 1 min."
    assert words.indexing(None, LibrarySize(212, 8640)) == ""
    assert words.indexing(3.6, LibrarySize(0, 0)) == ""
    assert words.indexing(3.6, None) == ""
