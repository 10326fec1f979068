"""Training an open_clip model with the head: decoded frames, crops, gradients, weights that open again."""

import importlib.util
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

import torch

from app.bundle.encoder_bundle import ImageSpec
from app.errors import UsageError
from app.runtime.preprocess import fit_batch
from models.datasets.backbones import OpenClipBackbone
from models.datasets.frames import read_frames
from models.datasets.records import CaptionedVideo, VideoSet
from models.open_clip_setup import import_open_clip
from models.train.config import AugmentConfig
from models.train.inputs.batches import Batch, PairOrder
from models.train.inputs.clips import ClipSet, cache_clips
from models.train.loop import train_head
from models.train.towers import TowerBatches, Towers, crop_and_mirror
from tests.models.train.material import tiny
from tests.videos import make_video

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("open_clip") is None, reason="open_clip is not installed"
)

MODEL = "reelfind-test"
SIZE, FRAMES = 32, 4
COLOURS = ("red", "green", "blue", "yellow", "purple", "white")
RECIPE = replace(tiny(6), optimiser=replace(tiny(6).optimiser, batch=4, encoder_learning_rate=1e-3))


@pytest.fixture(scope="module")
def backbone_name(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model of open_clip small enough for a test, with random weights."""
    shape = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": SIZE, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    }
    folder = tmp_path_factory.mktemp("models")
    (folder / f"{MODEL}.json").write_text(json.dumps(shape))
    import_open_clip().add_model_config(folder)
    return MODEL


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> VideoSet:
    folder = tmp_path_factory.mktemp("videos")
    paths = [make_video(folder / f"{colour}.mp4", [(colour, 0.6)], size=(64, 48)) for colour in COLOURS]
    return VideoSet(
        "csv",
        "train",
        tuple(CaptionedVideo(path.stem, path, (f"a {path.stem} room", path.stem)) for path in paths),
        (),
    )


@pytest.fixture(scope="module")
def clips(videos: VideoSet, tmp_path_factory: pytest.TempPathFactory) -> ClipSet:
    spec = ImageSpec(SIZE, "crop", "area")
    return cache_clips(videos, spec, tmp_path_factory.mktemp("clips"), FRAMES)


@pytest.fixture
def towers(backbone_name: str) -> Iterator[Towers]:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield Towers(OpenClipBackbone(backbone_name, None), backbone_name, per_pass=384)


def batches(clips: ClipSet, towers: Towers, augment: AugmentConfig | None = None) -> TowerBatches:
    order = PairOrder(clips.video_of_text, np.ones(len(clips.files), np.bool_), 4, "one", seed=24)
    return TowerBatches(clips, towers, order, FRAMES, augment or AugmentConfig())


def quiet(_: str) -> None:
    """No progress lines."""


def test_frames_are_those_the_encoder_sees_and_are_kept(videos: VideoSet, tmp_path: Path) -> None:
    spec = ImageSpec(SIZE, "crop", "area")
    clips = cache_clips(videos, spec, tmp_path, FRAMES)
    for number, video in enumerate(videos.videos):
        expected = fit_batch(read_frames(video.path, FRAMES), spec)
        assert np.array_equal(clips.frames(number), expected)
    assert clips.counts.tolist() == [FRAMES] * len(COLOURS)
    assert clips.captions[:2] == ("a red room", "red")
    assert clips.video_of_text.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    written = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    cache_clips(videos, spec, tmp_path, FRAMES)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written
    cache_clips(videos, replace(spec, size=16), tmp_path, FRAMES)
    assert len(list(tmp_path.iterdir())) == 2 * len(written)


def test_a_video_that_cannot_be_decoded_is_left_out_and_named(videos: VideoSet, tmp_path: Path) -> None:
    (tmp_path / "noise.mp4").write_bytes(os.urandom(400))
    broken = [CaptionedVideo(name, tmp_path / f"{name}.mp4", (name,)) for name in ("noise", "gone")]
    mixed = replace(videos, videos=(*broken, *videos.videos[:2]))
    clips = cache_clips(mixed, ImageSpec(SIZE, "crop", "area"), tmp_path / "cache", FRAMES)
    assert len(clips.files) == 2
    assert clips.captions == ("a red room", "red", "a green room", "green")
    assert clips.video_of_text.tolist() == [0, 0, 1, 1]
    assert [failure.key for failure in clips.failures] == ["noise", "gone"]
    assert "gone: The file cannot be read" in clips.summary()
    with pytest.raises(UsageError, match="No video of csv"):
        cache_clips(replace(videos, videos=tuple(broken)), ImageSpec(SIZE, "crop", "area"), tmp_path, 4)


def test_without_crops_a_batch_is_what_the_frozen_backbone_gives(
    clips: ClipSet, towers: Towers, backbone_name: str
) -> None:
    frozen = OpenClipBackbone(backbone_name, None)
    frozen.model.load_state_dict(towers.model.state_dict())
    batch = batches(clips, towers.eval(), AugmentConfig(least_area=1.0, mirror=False)).batch(2)
    assert batch.groups is not None
    for row, video in enumerate(batch.groups.tolist()):
        expected = frozen.encode_frames(np.array(clips.frames(video)))
        assert np.allclose(batch.frames[row].detach().numpy(), expected, atol=1e-5)
        own = frozen.encode_texts(clips.captions[2 * video : 2 * video + 2])
        assert np.abs(own - batch.texts[row].detach().numpy()).max(1).min() < 1e-5


def test_short_clips_are_padded_and_masked(videos: VideoSet, towers: Towers, tmp_path: Path) -> None:
    clips = cache_clips(videos, ImageSpec(SIZE, "crop", "area"), tmp_path, 3)
    order = PairOrder(clips.video_of_text, np.ones(6, np.bool_), 4, "one", seed=24)
    batch = TowerBatches(clips, towers, order, 5, AugmentConfig()).batch(0)
    assert batch.frames.shape == (4, 5, 16)
    assert batch.mask.tolist() == [[True] * 3 + [False] * 2] * 4
    assert not batch.frames[:, 3:].any()


def gradients(clips: ClipSet, towers: Towers) -> list[torch.Tensor]:
    towers.zero_grad()
    batch: Batch = batches(clips, towers, AugmentConfig(least_area=1.0, mirror=False)).batch(0)
    (batch.frames.square().sum() + batch.texts.square().sum()).backward()
    return [p.grad.clone() for p in towers.parameters() if p.grad is not None]


def test_passes_of_few_pictures_give_the_same_gradients(
    clips: ClipSet, towers: Towers, backbone_name: str
) -> None:
    small = Towers(OpenClipBackbone(backbone_name, None), backbone_name, per_pass=3)
    small.load_state_dict(towers.state_dict())
    pairs = list(zip(gradients(clips, towers), gradients(clips, small), strict=True))
    assert len(pairs) > 20
    assert all(torch.allclose(one, other, rtol=1e-3, atol=1e-4) for one, other in pairs)


def test_a_crop_is_one_for_the_whole_clip_and_keeps_its_share() -> None:
    ramp = torch.linspace(0, 1, SIZE).expand(3, 3, SIZE, SIZE).contiguous()
    torch.manual_seed(1)
    spans = []
    for _ in range(200):
        cropped = crop_and_mirror(ramp, AugmentConfig(least_area=0.5, most_stretch=1.0, mirror=False))
        assert cropped.shape == ramp.shape
        assert torch.equal(cropped[0], cropped[2])
        spans.append(float(cropped.max() - cropped.min()))
    assert min(spans) == pytest.approx(0.5**0.5, abs=0.06)
    assert max(spans) == pytest.approx(1.0, abs=0.04)
    mirrored = [bool(crop_and_mirror(ramp, AugmentConfig(1.0))[0, 0, 0, 0]) for _ in range(200)]
    assert 70 < sum(mirrored) < 130
    assert torch.equal(crop_and_mirror(ramp, AugmentConfig(1.0, mirror=False)), ramp)


def test_towers_are_trained_kept_and_opened_again(clips: ClipSet, towers: Towers, tmp_path: Path) -> None:
    before = {name: tensor.clone() for name, tensor in towers.model.state_dict().items()}
    train_head(RECIPE, batches(clips, towers), tmp_path, encoder=towers, report=quiet)
    after = towers.model.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert "logit_scale" not in moved
    assert {"visual.conv1.weight", "visual.proj", "token_embedding.weight", "text_projection"} <= moved
    towers.save(tmp_path / "encoder.pt")
    opened = OpenClipBackbone(MODEL, str(tmp_path / "encoder.pt"))
    assert all(torch.equal(opened.model.state_dict()[name], after[name]) for name in after)


def test_towers_follow_the_encoders_rate(clips: ClipSet, towers: Towers, tmp_path: Path) -> None:
    before = {name: tensor.clone() for name, tensor in towers.model.state_dict().items()}
    still = replace(RECIPE, optimiser=replace(RECIPE.optimiser, encoder_learning_rate=0.0))
    head = train_head(still, batches(clips, towers), tmp_path, encoder=towers, report=quiet)
    assert all(torch.equal(before[name], tensor) for name, tensor in towers.model.state_dict().items())
    assert not torch.equal(head.xpool.q.weight, torch.eye(16))


class PowerCutError(Exception):
    """The power went off."""


def test_an_interrupted_run_ends_as_an_uninterrupted_one(
    clips: ClipSet, towers: Towers, backbone_name: str, tmp_path: Path
) -> None:
    start = {name: tensor.clone() for name, tensor in towers.state_dict().items()}

    def run(folder: Path, stop: int | None) -> dict[str, torch.Tensor]:
        fresh = Towers(OpenClipBackbone(backbone_name, None), backbone_name, per_pass=384)
        fresh.load_state_dict(start)
        source = batches(clips, fresh)
        serve = source.batch

        def breaking(step: int) -> Batch:
            if step == stop:
                raise PowerCutError
            return serve(step)

        source.batch = breaking  # type: ignore[method-assign]
        often = replace(RECIPE, progress=replace(RECIPE.progress, checkpoint_every=2))
        head = train_head(often, source, folder, encoder=fresh, report=quiet)
        return {**fresh.state_dict(), **head.state_dict()}

    whole = run(tmp_path / "whole", None)
    with pytest.raises(PowerCutError):
        run(tmp_path / "cut", 5)
    resumed = run(tmp_path / "cut", None)
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
