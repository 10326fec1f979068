"""Another model by the command line: the old one answers meanwhile, and a crash costs what was under way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.catalogue.catalogue import Catalogue
from app.session import Session, choose_model, stored_settings
from tests.bundles import make_bundle
from tests.forked_program import run_program
from tests.videos import make_video

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}

Reelfind = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library that is indexed for the model in `small`; the one in `larger` was chosen."""
    videos = tmp_path / "videos"
    videos.mkdir()
    for name, colour in COLOURS.items():
        make_video(videos / f"{name}.mp4", [(colour, 2)], size=(64, 48))
    library = tmp_path / "library"
    with Session(library, make_bundle(tmp_path / "small", name="small")) as session:
        session.use_model(tmp_path / "small")
        session.add_folder(videos)
        session.indexer.start()
        assert session.indexer.wait(60)
        larger = make_bundle(tmp_path / "larger", name="larger", size=48)
        pending_model = choose_model(session.catalogue, larger)
        assert pending_model is not None
        assert (pending_model.ready, pending_model.total) == (0, 4)
    return library


@pytest.fixture
def reelfind(library: Path) -> Reelfind:
    """Runs a command on the library, which must succeed."""
    return lambda *words: run_program(["--library", library, *words], check=True)


def model_of_search(reelfind: Reelfind) -> tuple[str, str]:
    """Name of the model that answers, and the best answer to “green”."""
    done = reelfind("search", "--json", "green")
    answer = json.loads(done.stdout)
    return answer["model"].split("-")[0], Path(answer["results"][0]["path"]).stem


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_kill_9_in_the_middle_of_a_switch(reelfind: Reelfind, library: Path, tmp_path: Path) -> None:
    larger = load_bundle(tmp_path / "larger").identity
    command = [sys.executable, "-m", "app", "--library", str(library)]
    child = subprocess.Popen([*command, "index", "--json"], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["event"] == "video_indexed":
            break
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()

    assert model_of_search(reelfind) == ("small", "green")
    with Catalogue(library) as catalogue:
        kept = catalogue.embedded(larger)
        assert kept
        assert catalogue.is_intact()
        assert stored_settings(catalogue).next_model == str(tmp_path / "larger")

    done = reelfind("index", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert names.count("video_indexed") == 4 - len(kept)
    assert names[-2:] == ["model_switched", "run_finished"]
    assert {event["model"] for event in events if event["event"] == "progress"} <= {"Larger 1"}
    assert model_of_search(reelfind) == ("larger", "green")
    with Catalogue(library) as catalogue:
        assert kept.items() <= catalogue.embedded(larger).items(), "what was committed was not done again"
        assert len(catalogue.embedded(load_bundle(tmp_path / "small").identity)) == 4
        assert stored_settings(catalogue).next_model == ""


def test_a_search_in_a_folder_does_not_go_on_with_the_switch(
    reelfind: Reelfind, library: Path, tmp_path: Path
) -> None:
    make_video(tmp_path / "videos" / "new.mp4", [((0, 255, 255), 2)], size=(64, 48))
    where = ["--in", str(tmp_path / "videos")]
    done = reelfind("search", "--json", "cyan", *where)
    answer = json.loads(done.stdout)
    assert Path(answer["results"][0]["path"]).stem == "new"
    with Catalogue(library) as catalogue:
        assert catalogue.embedded(load_bundle(tmp_path / "larger").identity) == {}


def test_indexing_says_what_it_waits_for_and_then_that_it_switched(
    reelfind: Reelfind, library: Path, tmp_path: Path
) -> None:
    videos = tmp_path / "videos"
    videos.rename(tmp_path / "unplugged")
    said = reelfind("index").stdout
    assert "Larger 1 answers when every video is ready: 0 of 4 are. 4 videos cannot be reached" in said
    (tmp_path / "unplugged").rename(videos)
    said = reelfind("index").stdout
    assert "Larger 1 answers now." in said
    assert "4 videos indexed" in said
    back = reelfind("settings", "next_model", tmp_path / "small")
    assert "next_model = (none)" in back.stdout, "nothing lacks the old model: it answers at once"
    assert model_of_search(reelfind)[0] == "small"
