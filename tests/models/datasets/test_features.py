"""Embeddings of a set are computed once, survive an interruption, and tell what they could not read."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch")

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError, UsageError
from app.runtime.encoders import FrameEncoder, TextEncoder
from models.datasets import features
from models.datasets.backbones import BundleBackbone
from models.datasets.features import FeatureSet, cache_features
from models.datasets.frames import read_frames
from models.datasets.readers import read_dataset
from models.datasets.records import CaptionedVideo, VideoSet
from tests.conftest import ROOT
from tests.videos import COLOURS, Scene, make_video

NAMES = ("red", "green", "blue", "yellow", "purple")
SECONDS = (1.0, 0.3, 2.0, 0.5, 1.2)


class MeanColour:
    """A backbone that sees mean colours, and counts what it is asked for."""

    def __init__(self, identity: str = "mean-colour", fails_at: int | None = None) -> None:
        self.identity = identity
        self.width = 3
        self.image_size = 36
        self.videos = 0
        self.texts = 0
        self.shapes: set[tuple[int, ...]] = set()
        self._fails_at = fails_at

    def encode_frames(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        if self.videos == self._fails_at:
            raise KeyboardInterrupt
        self.videos += 1
        self.shapes.add(frames.shape[1:])
        return np.asarray(frames.mean((1, 2)), np.float32)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return np.array([[len(text), text.count("e"), -1.0] for text in texts], np.float32)


def make_set(folder: Path) -> VideoSet:
    folder.mkdir(exist_ok=True)
    videos = []
    for number, (name, seconds) in enumerate(zip(NAMES, SECONDS, strict=True)):
        path = make_video(folder / f"{name}.mp4", [Scene(name, seconds, "still")], size=(64, 48))
        texts = tuple(f"{name} {line}" for line in range(1 + number % 2))
        videos.append(CaptionedVideo(name, path, texts))
    return VideoSet("made", "test", tuple(videos), ("gone",))


@pytest.fixture
def five(tmp_path: Path) -> VideoSet:
    return make_set(tmp_path / "videos")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "VIDEO_BLOCK", 2)
    monkeypatch.setattr(features, "TEXT_BLOCK", 3)


def same(one: FeatureSet, other: FeatureSet) -> bool:
    arrays = ("frames", "counts", "texts", "video_of_text")
    equal = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
    return equal and (one.keys, one.failures) == (other.keys, other.failures)


@pytest.mark.parametrize("workers", [1, 3])
def test_a_set_becomes_padded_frames_and_one_row_per_caption(
    five: VideoSet, tmp_path: Path, workers: int
) -> None:
    backbone = MeanColour()
    found = cache_features(five, backbone, tmp_path / "cache", 4, workers=workers)
    assert found.frames.dtype == found.texts.dtype == np.float16
    assert found.counts.dtype == found.video_of_text.dtype == np.int64
    assert found.frames.shape == (5, 4, 3)
    assert found.counts.tolist() == [4, 3, 4, 4, 4]
    assert found.mask.tolist() == [[True] * 4, [True] * 3 + [False], *[[True] * 4] * 3]
    assert not found.frames[~found.mask].any()
    for row, name in enumerate(NAMES):
        real = found.frames[row][found.mask[row]].astype(float)
        assert np.abs(real - COLOURS[name]).max() < 8
    assert found.keys == NAMES
    assert backbone.shapes == {(36, 48, 3)}  # the videos are 64×48, the backbone's frames 36 pixels high
    assert found.video_of_text.tolist() == [0, 1, 1, 2, 3, 3, 4]
    assert np.array_equal(found.texts[2], [7, 2, -1])  # "green 1"
    assert found.failures == ()


def test_the_second_call_computes_nothing(
    five: VideoSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = cache_features(five, MeanColour(), tmp_path / "cache", 4)
    assert "1 of 6 missing (gone). Read: 5 videos with 19 frames and 7 captions." in capsys.readouterr().out
    again = MeanColour()
    assert same(cache_features(five, again, tmp_path / "cache", 4), first)
    assert (again.videos, again.texts) == (0, 0)


def test_a_run_that_was_interrupted_goes_on_with_the_first_missing_block(
    five: VideoSet, tmp_path: Path
) -> None:
    interrupted = MeanColour(fails_at=3)  # within the second block of two
    with pytest.raises(KeyboardInterrupt):
        cache_features(five, interrupted, tmp_path / "cache", 4)
    resumed = MeanColour()
    found = cache_features(five, resumed, tmp_path / "cache", 4)
    assert resumed.videos == 3
    assert same(found, cache_features(five, MeanColour(), tmp_path / "fresh", 4))


def test_a_run_that_was_killed_goes_on_with_the_first_missing_block(tmp_path: Path) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from models.datasets import features
        from tests.models.datasets.test_features import MeanColour, make_set

        class Killed(MeanColour):
            def encode_frames(self, frames):
                if self.videos == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().encode_frames(frames)

        features.VIDEO_BLOCK = 2
        folder = Path(sys.argv[1])
        features.cache_features(make_set(folder / "videos"), Killed(), folder / "cache", 4)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    videos = tmp_path / "videos"
    files = [CaptionedVideo(name, videos / f"{name}.mp4", (name,)) for name in NAMES]
    resumed = MeanColour()
    found = cache_features(VideoSet("made", "test", tuple(files), ()), resumed, tmp_path / "cache", 4)
    assert resumed.videos == 3
    assert found.keys == NAMES


def test_what_cannot_be_decoded_is_left_out_and_told(
    five: VideoSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    five.videos[1].path.write_bytes(b"no video")
    five.videos[4].path.unlink()
    for _ in range(2):  # computed, then read
        found = cache_features(five, MeanColour(), tmp_path / "cache", 4)
        assert found.keys == ("red", "blue", "yellow")
        assert [failure.key for failure in found.failures] == ["green", "purple"]
        assert "no video that can be read" in found.failures[0].reason
        assert "cannot be opened" in found.failures[1].reason
        assert found.counts.tolist() == [4, 4, 4]
        assert found.video_of_text.tolist() == [0, 1, 2, 2]
        assert np.array_equal(found.texts[1], [len("blue 0"), 1, -1])
        told = capsys.readouterr().out
        assert "2 could not be decoded and are left out:" in told
        assert "  green: This is no video" in told


def test_a_set_without_a_single_video_is_refused(five: VideoSet, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"No video of made \(test\)"):
        cache_features(VideoSet("made", "test", (), ("gone",)), MeanColour(), tmp_path / "cache")
    five.videos[0].path.write_bytes(b"")
    with pytest.raises(UsageError, match=r"No video of made \(test\) can be read: This is no video"):
        cache_features(VideoSet("made", "test", five.videos[:1], ()), MeanColour(), tmp_path / "cache")


def test_the_cache_knows_what_it_depends_on(five: VideoSet, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache_features(five, MeanColour(), cache, 4)

    def computed(videos: VideoSet, frames: int = 4, identity: str = "mean-colour") -> tuple[int, int]:
        backbone = MeanColour(identity)
        cache_features(videos, backbone, cache, frames)
        return backbone.videos, backbone.texts

    assert computed(five, identity="other") == (5, 7)
    assert computed(five, frames=3) == (5, 0)
    first, *others = five.videos
    told = CaptionedVideo(first.key, first.path, ("another text",))
    assert computed(VideoSet("made", "test", (told, *others), ())) == (0, 7)
    cut = CaptionedVideo(first.key, first.path, first.captions, 0.0, 0.5)
    assert computed(VideoSet("made", "test", (cut, *others), ())) == (5, 0)
    facts = first.path.stat()
    os.utime(first.path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1_000_000_000))
    assert computed(five) == (5, 0)
    assert computed(five) == (0, 0)


def test_the_files_hold_no_pickles_and_nothing_half_written_is_left(five: VideoSet, tmp_path: Path) -> None:
    cache_features(five, MeanColour(), tmp_path / "cache", 4)
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(files) == 3 + 3
    for path in files:
        with np.load(path, allow_pickle=False) as block:
            assert all(block[name].dtype in (np.float16, np.int64, np.uint8) for name in block.files)


def test_a_damaged_file_of_the_cache_is_named(five: VideoSet, tmp_path: Path) -> None:
    cache_features(five, MeanColour(), tmp_path / "cache", 4)
    block = sorted((tmp_path / "cache").glob("frames-*/*.npz"))[1]
    block.write_bytes(block.read_bytes()[:100])
    with pytest.raises(UsageError, match=r"00000002\.npz of the cache “frames-\w+” is damaged"):
        cache_features(five, MeanColour(), tmp_path / "cache", 4)


@pytest.mark.parametrize("value", [np.nan, np.inf, 70_000.0])
def test_embeddings_that_the_cache_cannot_hold_are_refused(
    five: VideoSet, tmp_path: Path, value: float
) -> None:
    class Broken(MeanColour):
        def encode_frames(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
            return np.full((len(frames), 3), value, np.float32)

    with pytest.raises(ModelError, match="which the cache cannot hold"):
        cache_features(five, Broken(), tmp_path / "cache", 4)


def test_three_real_clips_with_the_bundled_model(shared_data: Path, tmp_path: Path) -> None:
    folder = ROOT / "models" / "bundled" / "pocket"
    whole = read_dataset("csv", shared_data / "clips" / "manifest.csv", shared_data / "clips", "test")
    chosen = ("002_asl_help.mkv", "012_cake_mixer.mp4", "056_child_bike.mp4")
    three = VideoSet("csv", "test", tuple(video for video in whole.videos if video.key in chosen), ())
    found = cache_features(three, BundleBackbone(folder, threads=1), tmp_path)
    bundle = load_bundle(folder)
    frame_encoder, text_encoder = FrameEncoder(bundle, threads=1), TextEncoder(bundle, threads=1)
    assert found.frames.shape == (3, 12, bundle.embedding_width)
    assert found.counts.tolist() == [12, 12, 8]
    for row, video in enumerate(three.videos):
        direct = frame_encoder.encode(read_frames(video.path, 12, short_side=bundle.image.size))
        assert np.allclose(found.frames[row, : found.counts[row]], direct, rtol=2e-3, atol=2e-3)
        assert np.allclose(found.texts[row], text_encoder.encode(video.captions)[0], rtol=2e-3, atol=2e-3)
    pooled = np.stack([found.frames[row][found.mask[row]].astype(np.float32).mean(0) for row in range(3)])
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    assert (found.texts.astype(np.float32) @ pooled.T).argmax(1).tolist() == [0, 1, 2]
