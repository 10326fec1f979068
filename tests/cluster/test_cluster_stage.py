"""Tasks that are lost, late, wrong or done twice: what is committed is right, and each video once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cluster import node_tasks
from app.cluster.cluster_errors import TaskLostError
from app.cluster.task_table import MOST_ATTEMPTS
from app.indexing.events import (
    CopyFound,
    FirstLookTaken,
    IndexingEvent,
    RunFailed,
    RunFinished,
    VideoFailed,
    VideoIndexed,
)
from app.session import Session
from tests.cluster.conftest import Contents, assert_same, contents_of, make_movies
from tests.cluster.inline_cluster import InlineCluster

Result = Callable[[str, int, Callable[[], bytes]], bytes | None]

VIDEOS = 4


@pytest.fixture(scope="module")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few and short: which video is read where, and how often, is what counts here."""
    return make_movies(tmp_path_factory.mktemp("short") / "movies", VIDEOS)


@pytest.fixture(autouse=True)
def node(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process is the node, for one test: its decoding child ends with that."""
    monkeypatch.setattr(node_tasks, "_answer", lambda found: found)
    yield
    if node_tasks._decoder.cache_info().currsize:
        node_tasks._decoder().close()
    node_tasks._decoder.cache_clear()


def index(library: Path, folder: Path, cluster: InlineCluster | None) -> list[IndexingEvent]:
    """All that one run says."""
    said: list[IndexingEvent] = []
    with Session(library) as session:
        session.change_setting("cores", "1")
        session.add_folder(folder)
        session.indexer.subscribe(said.append)
        session.indexer.employ(cluster)
        session.indexer.start()
        assert session.indexer.wait(200)
    assert isinstance(said[-1], RunFinished)
    return said


def names(said: list[IndexingEvent], kind: type[VideoIndexed | VideoFailed | CopyFound]) -> list[str]:
    return sorted(event.path.name for event in said if isinstance(event, kind))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, movies: Path) -> Contents:
    """What this process makes of the videos."""
    library = tmp_path_factory.mktemp("alone") / "library"
    index(library, movies, None)
    return contents_of(library)


def test_the_library_is_that_of_one_process_and_few_tasks_are_out_at_once(
    tmp_path: Path, movies: Path, alone: Contents
) -> None:
    cluster = InlineCluster()
    said = index(tmp_path / "library", movies, cluster)
    assert_same(contents_of(tmp_path / "library"), alone)
    assert len(cluster.submitted) == len(set(cluster.submitted)) == len(alone.rows) - 1, "copies are not read"
    assert cluster.most == 2
    assert names(said, VideoFailed) == ["broken.mp4"]


def test_attempts_that_are_lost_or_bring_nonsense_are_made_again(
    tmp_path: Path, movies: Path, alone: Contents
) -> None:
    def result(name: str, number: int, read: Callable[[], bytes]) -> bytes | None:
        if name == "1.mp4" and number == 1:
            raise TaskLostError("the node is gone")
        if name == "3.mp4" and number < MOST_ATTEMPTS:
            return read()[: 2000 * number]
        return read()

    cluster = InlineCluster(result)
    said = index(tmp_path / "library", movies, cluster)
    assert_same(contents_of(tmp_path / "library"), alone)
    assert cluster.submitted.count("1.mp4") == 2
    assert cluster.submitted.count("3.mp4") == MOST_ATTEMPTS
    assert names(said, VideoFailed) == ["broken.mp4"]


def test_the_shard_of_another_video_is_not_taken(tmp_path: Path, movies: Path, alone: Contents) -> None:
    kept: list[bytes] = []

    def result(name: str, number: int, read: Callable[[], bytes]) -> bytes | None:
        kept.append(read())
        return kept[0] if name == "2.mp4" and number == 1 else kept[-1]

    cluster = InlineCluster(result)
    index(tmp_path / "library", movies, cluster)
    assert_same(contents_of(tmp_path / "library"), alone)
    assert cluster.submitted.count("2.mp4") == 2


def test_of_an_attempt_that_falls_silent_and_another_the_first_result_counts(
    tmp_path: Path, movies: Path, alone: Contents
) -> None:
    """The silent one has said that it began, and does not come back."""

    def result(name: str, number: int, read: Callable[[], bytes]) -> bytes | None:
        shard = read()
        return None if name == "2.mp4" and number == 1 else shard

    cluster = InlineCluster(result)
    said = index(tmp_path / "library", movies, cluster)
    assert_same(contents_of(tmp_path / "library"), alone)
    assert cluster.submitted.count("2.mp4") == 2
    assert cluster.cancelled == [cluster.submitted.index("2.mp4")]
    assert names(said, VideoIndexed).count("2.mp4") == 1


def test_what_no_node_finishes_fails_alone_and_is_tried_by_the_next_run(
    tmp_path: Path, movies: Path, alone: Contents
) -> None:
    def result(name: str, _number: int, read: Callable[[], bytes]) -> bytes | None:
        if name == "3.mp4":
            raise TaskLostError("killed")
        return read()

    cluster = InlineCluster(result)
    said = index(tmp_path / "library", movies, cluster)
    assert cluster.submitted.count("3.mp4") == MOST_ATTEMPTS
    failed = [event for event in said if isinstance(event, VideoFailed) and event.path.name == "3.mp4"]
    assert [event.cause.is_passing for event in failed] == [True]
    assert "in 3 tries" in failed[0].reason
    again = InlineCluster()
    said = index(tmp_path / "library", movies, again)
    assert again.submitted == names(said, VideoIndexed) == ["3.mp4"], "what was committed stays"
    assert contents_of(tmp_path / "library").rows["3.mp4"].frames == alone.rows["3.mp4"].frames


def test_a_node_that_cannot_do_any_video_ends_the_run_with_its_reason(
    tmp_path: Path, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_tasks, "__version__", "0.0.1")
    said = index(tmp_path / "library", movies, InlineCluster())
    (failed,) = [event for event in said if isinstance(event, RunFailed)]
    assert "Reelfind 0.0.1 runs on it" in failed.reason
    assert names(said, VideoFailed) == []


def test_first_looks_are_taken_on_the_cluster_too(
    tmp_path: Path, movies: Path, alone: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.indexing.passes.MANY", 2)
    said = index(tmp_path / "library", movies, InlineCluster())
    assert_same(contents_of(tmp_path / "library"), alone)
    assert not any(isinstance(event, RunFailed) for event in said)
    assert len([event for event in said if isinstance(event, VideoIndexed | FirstLookTaken)]) == VIDEOS
