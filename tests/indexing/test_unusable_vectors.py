"""A video that the model has no vector for fails alone, and is tried again by every run."""

from pathlib import Path

from app.errors import Cause
from app.indexing.events import RunFailed, VideoFailed, VideoIndexed
from app.session import Session
from tests.bundles import make_bundle
from tests.model_store.hostile import image, node
from tests.videos import make_video


def test_nine_of_ten_are_indexed(tmp_path: Path) -> None:
    """The model's numbers are beyond float16 for white, and in its range for the nearly grey ones."""
    videos = tmp_path / "videos"
    videos.mkdir()
    for number in range(9):
        make_video(videos / f"{number}.mp4", [((128 + number, 128, 128), 1)])
    make_video(videos / "4 white.mp4", [((255, 255, 255), 1)])
    image(node("Mul", "colour beyond"))(make_bundle(tmp_path / "bundle"))
    events: list[object] = []
    with Session(tmp_path / "library", tmp_path / "bundle") as session:
        session.add_folder(videos)
        session.indexer.subscribe(events.append)
        session.indexer.start()
        assert session.indexer.wait(60)
        pending = session.catalogue.pending(session.bundle.identity)
    assert len([event for event in events if isinstance(event, VideoIndexed)]) == 9
    assert not [event for event in events if isinstance(event, RunFailed)]
    (failed,) = (event for event in events if isinstance(event, VideoFailed))
    assert failed.path.name == "4 white.mp4"
    assert failed.reason == "The model gives no usable vector for this video (numbers beyond 65,504)."
    assert failed.cause is Cause.PROGRAM
    assert [video.path.name for video in pending] == ["4 white.mp4"]
