"""Why a moment was found: the part of the picture, and of the query, that spoke for it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest

from app.catalogue.catalogue import FILE_NAME
from app.errors import UsageError
from app.search.evidence.explanation import Explanation
from app.search.evidence.occlusion import CELLS
from app.session import Session
from tests.bundles import make_bundle

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)

Box = tuple[float, float, float, float]
MARKED: dict[str, tuple[str, Box]] = {
    "019_snowboarder.mp4": ("a snowboarder", (0.40, 0.08, 0.70, 0.52)),
    "029_flower_bloom.mp4": ("a red flower", (0.30, 0.15, 0.65, 0.70)),
    "031_beetle.mp4": ("a beetle", (0.15, 0.10, 0.67, 0.75)),
    "033_dog_plaza.mp4": ("a small dog", (0.30, 0.45, 0.52, 0.80)),
    "037_soccer_juggle.mp4": ("a soccer ball", (0.40, 0.10, 0.68, 1.00)),
    "054_brown_bear.mp4": ("a brown bear", (0.33, 0.30, 0.68, 0.80)),
    "056_child_bike.mp4": ("a child on a bike", (0.27, 0.00, 0.62, 1.00)),
    "058_retriever.mp4": ("a dog", (0.00, 0.00, 0.55, 0.80)),
    "061_trail_runner.mp4": ("a man running", (0.15, 0.30, 0.68, 0.95)),
    "073_dog_in_bed.mp4": ("a dog", (0.20, 0.20, 0.62, 1.00)),
}
"""Of each clip the frame that is found for a description, and where in it the thing is: left, top, right,
bottom, as shares, drawn by hand."""


def halves(path: Path, left: tuple[int, int, int], right: tuple[int, int, int]) -> Path:
    """A video of four seconds, of one colour on the left and another on the right."""
    picture = np.empty((96, 128, 3), np.uint8)
    picture[:, :64], picture[:, 64:] = left, right
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for _ in range(20):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    halves(folder / "red left.mp4", RED, GREEN)
    halves(folder / "blue.mp4", BLUE, BLUE)
    return folder


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, videos: Path) -> Path:
    """A folder with a library in which both are indexed, and its model."""
    folder = tmp_path_factory.mktemp("indexed")
    with Session(folder / "library", make_bundle(folder / "bundle")) as session:
        session.add_folder(videos)
        session.indexer.start()
        session.indexer.wait()
    return folder


@pytest.fixture
def session(tmp_path: Path, indexed: Path) -> Iterator[Session]:
    shutil.copytree(indexed / "library", tmp_path / "library")
    with Session(tmp_path / "library", indexed / "bundle") as session:
        yield session


def why(session: Session, text: str) -> Explanation:
    return session.why(text, session.search(text).moments[0])


def test_the_map_is_high_where_the_thing_is(session: Session) -> None:
    found = why(session, "red")
    assert (found.rank, found.path.name, found.problem) == (1, "red left.mp4", "")
    (step,) = found.steps
    assert step.map is not None
    assert step.map[:, : CELLS // 2].mean() > 2 * step.map[:, CELLS // 2 :].mean()
    (part,) = step.parts
    assert (part.text, part.excluded, part.share) == ("red", False, 1.0)
    assert 0 <= part.strength <= 1


def test_each_part_of_a_query_has_its_share_and_its_own_map(session: Session) -> None:
    (step,) = why(session, "red + 2*green -blue").steps
    assert [(part.text, part.excluded) for part in step.parts] == [
        ("red", False),
        ("green", False),
        ("blue", True),
    ]
    red, green, blue = step.parts
    assert red.share + green.share == pytest.approx(1.0)
    assert green.share > red.share
    assert blue.share == blue.strength < 0.5
    assert red.map is not None
    assert green.map is not None
    assert red.map[:, 0].mean() > red.map[:, -1].mean()
    assert green.map[:, -1].mean() > green.map[:, 0].mean()


def test_what_only_leaves_out_has_no_map_of_its_own(session: Session) -> None:
    (step,) = why(session, "no blue").steps
    assert step.map is None
    assert [part.excluded for part in step.parts] == [True]
    assert step.parts[0].map is not None


def test_a_picture_has_its_share_beside_the_words(session: Session) -> None:
    found = why(session, 'like:"blue.mp4@1" red')
    assert [part.text for part in found.steps[0].parts] == ["red", "like:blue.mp4@1"]
    assert sum(part.share for part in found.steps[0].parts) == pytest.approx(1.0)
    (step,) = why(session, 'like:"red left.mp4@1"').steps
    assert step.map is not None
    assert step.parts[0].strength > 0.5


def test_a_chain_is_explained_step_by_step(session: Session) -> None:
    moment = session.search("blue >> blue").moments[0]
    steps = session.why("blue >> blue", moment).steps
    assert [step.time for step in steps] == [part.best for part in moment.parts]


def test_a_file_that_is_gone_is_explained_as_well(session: Session, videos: Path) -> None:
    moment = session.search("red").moments[0]
    kept = moment.path.rename(moment.path.with_suffix(".away"))
    try:
        assert session.why("red", moment).steps[0].map is not None
    finally:
        kept.rename(moment.path)


def test_without_a_picture_there_are_shares_and_a_sentence(session: Session, videos: Path) -> None:
    moment = session.search("red").moments[0]
    with closing(sqlite3.connect(session.folder / FILE_NAME)) as database, database:
        database.execute("UPDATE thumbnails SET image = x'00' WHERE frame_id = ?", [moment.frame_id])
    found = session.why("red", moment)
    assert "cannot be looked at" in found.problem
    assert found.steps[0].map is None
    assert found.steps[0].parts[0].share == 1.0


def test_a_moment_that_was_removed_is_refused(session: Session, videos: Path) -> None:
    moment = session.search("red").moments[0]
    session.remove_folder(videos)
    session.finish_removal()
    with pytest.raises(UsageError, match="no longer in the library"):
        session.why("red", moment)


def test_covering_the_thing_costs_more_than_covering_what_is_around_it(
    shared_data: Path, tmp_path: Path, nightly: bool
) -> None:
    """Ten real pictures, marked by hand; three of them by day."""
    marked = MARKED if nightly else dict(list(MARKED.items())[::4])
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in marked:
        (folder / name).symlink_to(shared_data / "clips" / name)
    inside_most, peaks = 0, 0
    with Session(tmp_path / "library") as session:
        session.add_folder(folder)
        session.indexer.start()
        session.indexer.wait()
        for name, (text, box) in marked.items():
            moments = session.search(f"{text} name:{Path(name).stem}").moments
            grid = session.why(text, moments[0]).steps[0].map
            assert grid is not None
            inside = within(box)
            inside_most += bool(grid[inside].mean() > 1.5 * grid[~inside].mean())
            peaks += bool(inside.flat[int(grid.argmax())])
    assert min(inside_most, peaks) >= 0.8 * len(marked)


def within(box: Box) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(CELLS, CELLS) which cells have their middle in a box."""
    middles = (np.arange(CELLS) + 0.5) / CELLS
    left, top, right, bottom = box
    return np.outer((top <= middles) & (middles <= bottom), (left <= middles) & (middles <= right))
