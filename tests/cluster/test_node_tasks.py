"""What a node does with one video, without Ray: where it finds the file, and what it leaves behind."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis.strategies import integers

from app import __version__
from app.bundle.encoder_bundle import load_bundle
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import FrameRecord, IndexedVideo, Presence, Video, VideoState
from app.cluster import local_file, node_tasks
from app.cluster.cluster_errors import ClusterError
from app.cluster.read_request import ReadRequest
from app.cluster.shard import begin_shard, items_of, write_reading
from app.cluster.task_key import TaskKey
from app.errors import Cause
from app.indexing.stages.items import Decoded, Encoded, Ending, Item, Opened, Unreadable
from app.media.fingerprints import fingerprint
from app.media.frames import Origin, Sampling, VideoFacts
from app.paths import bundled_model
from app.processes.wire import WireError
from tests.cluster.inline_cluster import Elsewhere, Handle
from tests.videos import make_video


@pytest.fixture(autouse=True)
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process is the node, with a folder of its own for what is sent."""
    monkeypatch.setattr(node_tasks, "_answer", lambda found: found)
    monkeypatch.setattr(local_file, "uploads_folder", lambda: tmp_path / "uploads")
    yield
    if node_tasks._decoder.cache_info().currsize:
        node_tasks._decoder().close()
    node_tasks._decoder.cache_clear()


@pytest.fixture
def video(tmp_path: Path, movies_of_one: Path) -> Video:
    """A video that a scan has found."""
    with Catalogue(tmp_path / "library") as catalogue:
        folder = catalogue.add_folder(movies_of_one)
        catalogue.scan_folder(folder.id)
        (found,) = catalogue.videos()
        return found


@pytest.fixture
def movies_of_one(tmp_path: Path) -> Path:
    folder = tmp_path / "seen here"
    folder.mkdir()
    make_video(folder / "one.mp4", [("red", 3), ("blue", 3)])
    return folder


def request_for(video: Video) -> ReadRequest:
    bundle = load_bundle(bundled_model())
    sampling = Sampling(short_side=bundle.image.size)
    key = TaskKey.of(fingerprint(video.path), bundle.identity, sampling)
    return ReadRequest(key, video, sampling, __version__)


def read(request: ReadRequest, home: Elsewhere) -> list[Item]:
    shard = bytes(node_tasks.read_video(request, "1", Handle(home), []))
    return list(items_of(shard, request, 0.0, load_bundle(bundled_model()).embedding_width))


def as_told(items: list[Item]) -> list[object]:
    """What is the same wherever the file lies."""
    frames = [item.frames for item in items if isinstance(item, Encoded)]
    facts = [item.facts for item in items if isinstance(item, Opened)]
    return [frames, facts, [item for item in items if isinstance(item, Decoded)]]


def test_a_node_that_sees_the_same_file_reads_it_there(video: Video) -> None:
    home = Elsewhere(video.path.parent)
    items = read(request_for(video), home)
    assert [type(item) for item in items] == [Opened, Encoded, Decoded]
    assert home.asked == 0


def test_a_node_that_does_not_see_it_is_sent_the_file_and_gives_the_same_rows(
    video: Video, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(video)
    expected = read(request, Elsewhere(video.path.parent))
    video.path.parent.rename(tmp_path / "elsewhere")
    monkeypatch.setattr(local_file, "CHUNK", 4096)
    home = Elsewhere(tmp_path / "elsewhere")
    assert as_told(read(request, home)) == as_told(expected)
    assert home.asked == video.size // 4096 + 2, "piece by piece"
    assert list((tmp_path / "uploads").iterdir()) == [], "the copy is gone"


def test_another_file_at_the_same_path_is_not_read(video: Video, tmp_path: Path) -> None:
    request = request_for(video)
    shutil.move(video.path, tmp_path / "one.mp4")
    make_video(video.path, [("green", 2)])
    items = read(request, Elsewhere(tmp_path))
    assert isinstance(items[-1], Decoded)
    assert isinstance(items[0], Opened)
    assert items[0].facts.duration == pytest.approx(6, abs=0.2)


def test_a_file_that_changes_while_it_is_sent_is_tried_by_the_next_run(video: Video, tmp_path: Path) -> None:
    request = request_for(video)
    video.path.unlink()
    (tmp_path / "elsewhere").mkdir()
    make_video(tmp_path / "elsewhere" / "one.mp4", [("green", 2)])
    (item,) = read(request, Elsewhere(tmp_path / "elsewhere"))
    assert isinstance(item, Unreadable)
    assert item.cause is Cause.ENVIRONMENT
    assert "changed while it was sent" in item.reason


def test_a_file_that_cannot_be_sent_says_why(video: Video, tmp_path: Path) -> None:
    request = request_for(video)
    video.path.unlink()
    (item,) = read(request, Elsewhere(tmp_path))
    assert isinstance(item, Unreadable)
    assert item.cause is Cause.ENVIRONMENT
    assert "No such file" in item.reason


def test_copies_of_tasks_that_were_killed_are_deleted_and_those_in_use_are_not(
    video: Video, tmp_path: Path
) -> None:
    request = request_for(video)
    for name in ("killed", "in-use"):
        (tmp_path / "uploads" / name).mkdir(parents=True)
        (tmp_path / "uploads" / name / "in-use.lock").touch()
    video.path.parent.rename(tmp_path / "elsewhere")
    with FileLock(tmp_path / "uploads" / "in-use" / "in-use.lock"):
        read(request, Elsewhere(tmp_path / "elsewhere"))
        assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["in-use"]


def taken(shard: bytes, request: ReadRequest, width: int) -> list[Item]:
    return list(items_of(shard, request, 0.0, width))


def test_a_shard_that_was_cut_anywhere_or_has_other_vectors_is_refused(video: Video) -> None:
    request = request_for(video)
    shard = bytes(node_tasks.read_video(request, "1", Handle(Elsewhere(video.path.parent)), []))
    width = load_bundle(bundled_model()).embedding_width
    ends = [at + 1 for at, byte in enumerate(shard) if byte == ord("\n")]
    for cut in [*range(0, len(shard) - 1, 997), *ends[:-1], len(shard) - 1]:
        with pytest.raises(WireError):
            taken(shard[:cut], request, width)
    with pytest.raises(WireError):
        taken(shard, request, width + 1)
    with pytest.raises(WireError):
        taken(shard, replace(request, key=replace(request.key, fingerprint="2:another")), width)


@given(at=integers(0, 1 << 30), byte=integers(0, 255))
def test_a_shard_with_a_byte_changed_is_refused_or_is_one_that_can_be_committed(at: int, byte: int) -> None:
    request = _SMALL_REQUEST
    changed = bytearray(_SMALL)
    changed[at % len(changed)] = byte
    try:
        items = taken(bytes(changed), request, 4)
    except (WireError, ClusterError):
        return
    for item in items:
        if isinstance(item, Encoded):
            assert np.isfinite(item.vectors).all()
            assert len(item.frames) == len(item.vectors)


_FRAMES = tuple(FrameRecord(float(number), number == 0, number // 2, b"webp") for number in range(5))
_FACTS = VideoFacts("mp4", "h264", 64, 48, 0, 5.0, 10.0, None, False, 1000, Origin())
_SMALL_REQUEST = ReadRequest(
    TaskKey("2:ab", "model", "1-160"),
    Video(1, 1, Path("a.mp4"), 1000, 0, None, VideoState.PENDING, Presence.HERE, "", "", None),
    Sampling(),
    __version__,
)


def _small_shard() -> bytes:
    out = io.BytesIO()
    vectors = np.arange(20, dtype=np.float32).reshape(5, 4)
    begin_shard(out, _SMALL_REQUEST.key, "node")
    write_reading(out, IndexedVideo(_FACTS, _FRAMES, vectors, "model"), "2:ab", Ending(), last=True)
    return out.getvalue()


_SMALL = _small_shard()
