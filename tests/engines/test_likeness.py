"""Searches by a picture, a moment or a whole video, over real videos that the test makes."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.query.parsed_query import Likeness
from app.query.query_error import QueryError
from app.session import Session
from tests.bundles import make_bundle
from tests.videos import Scene, make_video

PURE = {"red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 255, 0), "yellow": (255, 255, 0)}


def film(path: Path, *names: str, seconds: float = 4) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return make_video(path, [Scene(PURE[name], seconds, "still") for name in names], size=(160, 120))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    root = tmp_path_factory.mktemp("like")
    videos = root / "videos"
    film(videos / "red-blue.mp4", "red", "blue")
    film(videos / "blue-red.mp4", "blue", "red")
    film(videos / "long.mp4", "green", "red", "blue", "yellow")
    film(videos / "green.mp4", "green")
    film(videos / "2023" / "same.mp4", "yellow")
    film(videos / "2024" / "same.mp4", "yellow", "green", seconds=3)
    with Session(root / "library", make_bundle(root / "bundle")) as opened:
        opened.add_folder(videos)
        opened.indexer.start()
        assert opened.indexer.wait(60)
        yield opened


def names(session: Session, query: str) -> list[str]:
    return [moment.path.name for moment in session.search(query).moments]


def moments(session: Session, query: str) -> list[tuple[str, float]]:
    return [(moment.path.name, moment.start) for moment in session.search(query).moments]


def picture(path: Path, left: str, right: str | None = None) -> Path:
    image = np.zeros((60, 80, 3), np.uint8)
    image[:, :40], image[:, 40:] = PURE[left][::-1], PURE[right or left][::-1]
    assert cv2.imwrite(str(path), image)
    return path


def test_a_picture_finds_what_looks_like_it(session: Session, tmp_path: Path) -> None:
    path = picture(tmp_path / "a picture.png", "green")
    outcome = session.search(f'like:"{path}"')
    assert outcome.moments[0].path.name in {"green.mp4", "long.mp4", "same.mp4"}
    assert outcome.moments[0].strength > 0.8
    assert outcome.scorer == "pooled"


@pytest.mark.parametrize("name", ["~$draft.png", "loop/a.png", "a\0b.png"])
def test_a_name_that_leads_nowhere_is_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(QueryError, match="no file"):
        session.search(f'like:"{name}"')


def test_a_picture_whose_name_begins_like_a_home(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "~$draft.png", "green")
    assert session.search('like:"~$draft.png"').moments
    assert session.prompts.pictures.still(Likeness("~$draft.png"), 60).shape == (60, 80, 3)


def test_a_part_of_a_picture(session: Session, tmp_path: Path) -> None:
    path = picture(tmp_path / "p.png", "green", "red")
    left = session.search(f'like:"{path}#0,0,50,100"').moments[0]
    right = session.search(f'like:"{path}#50,0,50,100"').moments[0]
    assert left.path.name in {"green.mp4", "long.mp4", "same.mp4"}
    assert right.path.name in {"red-blue.mp4", "blue-red.mp4", "long.mp4"}


def test_a_moment_of_the_library(session: Session) -> None:
    best = session.search("like:green.mp4@2").moments[0]
    assert best.path.name in {"green.mp4", "long.mp4", "same.mp4"}
    part = session.search("like:red-blue.mp4@6#0,0,50,50").moments[0]
    assert part.path.name in {"red-blue.mp4", "blue-red.mp4", "long.mp4"}
    assert part.strength > 0.8


def test_the_moment_itself_is_no_answer_to_what_is_like_it_but_different(session: Session) -> None:
    assert ("red-blue.mp4", 0.0) in moments(session, "like:red-blue.mp4@1")
    assert ("red-blue.mp4", 0.0) not in moments(session, "like:red-blue.mp4@1 blue")
    assert ("red-blue.mp4", 4.0) in moments(session, "like:red-blue.mp4@1 blue")


def test_what_is_left_out_beside_a_picture(session: Session, tmp_path: Path) -> None:
    yellow = picture(tmp_path / "yellow.png", "yellow")
    plain, without = session.search(f'like:"{yellow}"'), session.search(f'like:"{yellow}" -green')
    strength = {moment.path: moment.strength for moment in plain.moments}
    assert (
        without.moments[0].strength < strength[without.moments[0].path]
        or without.moments[0] != plain.moments[0]
    )


def test_a_whole_video_finds_those_that_show_the_same_in_its_order(session: Session) -> None:
    outcome = session.search("like:red-blue.mp4")
    found = {moment.path.name: moment for moment in outcome.moments}
    assert "red-blue.mp4" not in found, "it is itself no answer"
    best = outcome.moments[0]
    assert best.path.name == "long.mp4"
    assert best.start == pytest.approx(4, abs=0.5)
    assert best.end == pytest.approx(12, abs=0.5)
    assert best.strength > 0.8
    assert found["blue-red.mp4"].strength < 0.7 * best.strength
    assert "green.mp4" not in found


def test_a_picture_as_a_step_of_a_chain(session: Session, tmp_path: Path) -> None:
    path = picture(tmp_path / "red.png", "red")
    first = session.search(f'like:"{path}" >> blue').moments[0]
    assert first.path.name in {"red-blue.mp4", "long.mp4"}
    assert [part.strength > 0.5 for part in first.parts] == [True, True]


def test_a_video_is_named_by_the_end_of_its_path(session: Session) -> None:
    assert names(session, "like:2023/same.mp4@1")[0] == "same.mp4"
    with pytest.raises(QueryError, match="Several videos of the library are called") as refused:
        session.search("yellow like:same.mp4@1")
    assert refused.value.at == 7
    assert refused.value.query == "yellow like:same.mp4@1"


def test_what_is_not_there_is_said_in_one_sentence(session: Session, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("no picture")
    stranger = film(tmp_path / "stranger.mp4", "red", seconds=1)
    for query, sentence in {
        f'like:"{tmp_path / "gone.png"}"': "There is no file",
        f'like:"{note}"': "is not a picture",
        f'like:"{tmp_path}"': "not a regular file",
        f'like:"{stranger}@0.5"': "is not in this library",
        f'like:"{stranger}"': "is not in this library",
        "like:green.mp4@100": "is only 4 seconds long",
        "like:green.mp4#0,0,50,50": "A part of a whole video",
    }.items():
        with pytest.raises(QueryError, match=sentence):
            session.search(query)
