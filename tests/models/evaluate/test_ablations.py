"""The rows of the ablations, and heads read back from their files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

import torch

from app.errors import UsageError
from models.evaluate.ablations import LOSSES, evaluation_rows, score, trained_rows
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.evaluate.table import score_table
from models.heads.head_file import write_head
from models.heads.radius import Radius
from models.heads.tmass import TMassHead
from models.train.config import HeadConfig, TrainConfig
from models.train.inputs.batches import FeatureBatches
from models.train.loop import train_head
from models.train.outputs.checkpoint import FILE
from tests.models.train.material import FRAMES, TINY, WIDTH, make_features, tiny


def quiet(_: str) -> None:
    """No progress lines."""


def some_head(radius: Radius = "linear", samples: int = 20, temperature: float = 1.0) -> TMassHead:
    """A head whose weights are not those it starts with."""
    recipe = TrainConfig(head=HeadConfig(FRAMES, radius=radius, samples=samples, temperature=temperature))
    head = TMassHead(recipe.head_of(WIDTH)).eval()
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(4)
        for parameter in head.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
    return head


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery.of(make_features())


@pytest.mark.parametrize("radius", ["none", "cos", "scalar", "linear"])
def test_a_head_read_from_a_file_scores_as_it_did(radius: Radius, gallery: Gallery, tmp_path: Path) -> None:
    head = some_head(radius, samples=3, temperature=2.5)
    write_head(head, tmp_path / "tmass.npz")
    opened = open_head(tmp_path / "tmass.npz")
    before = score(OpenedHead(head, head.draw_samples()), gallery)
    assert torch.allclose(score(opened, gallery), before, atol=1e-5)
    assert opened.head.config.radius == radius


def test_a_checkpoint_opens_as_the_head_it_holds(gallery: Gallery, tmp_path: Path) -> None:
    head = train_head(tiny(3), FeatureBatches(make_features(), 12), tmp_path, report=quiet)
    expected = score(OpenedHead(head, head.draw_samples()), gallery)
    assert torch.equal(score(open_head(tmp_path / FILE), gallery), expected)


def test_files_without_a_head_give_one_sentence(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    (tmp_path / "noise.npz").write_bytes(b"noise")
    write_head(some_head(), tmp_path / "tmass.npz")
    with np.load(tmp_path / "tmass.npz") as whole:
        np.savez(tmp_path / "cut.npz", **{name: whole[name] for name in whole.files if name != "k_bias"})
    for name in ("other.npz", "noise.npz", "cut.npz", "absent.npz"):
        with pytest.raises(UsageError, match="holds no T-MASS head"):
            open_head(tmp_path / name)


def test_fewer_frames_are_real_ones_in_order(gallery: Gallery) -> None:
    fewer = gallery.with_frames(2)
    assert fewer.frames.shape == gallery.frames.shape
    assert fewer.mask.sum(1).tolist() == [2] * len(gallery.mask)
    for video, real in enumerate(gallery.mask.sum(1).tolist()):
        rows = [
            next(row for row in range(real) if torch.equal(gallery.frames[video, row], frame))
            for frame in fewer.frames[video, :2]
        ]
        assert rows == sorted(set(rows))
    full = torch.arange(FRAMES, dtype=torch.float32)[None, :, None]
    four = Gallery(full[0], full, torch.ones(1, FRAMES, dtype=torch.bool), torch.zeros(FRAMES))
    assert four.with_frames(1).frames[0, 0, 0] == 2
    assert four.with_frames(2).frames[0, :2, 0].tolist() == [1, 3]
    same = gallery.with_frames(FRAMES)
    assert torch.equal(same.frames, gallery.frames)
    assert torch.equal(same.mask, gallery.mask)
    with pytest.raises(ValueError, match="0 frames"):
        gallery.with_frames(0)


def test_evaluation_rows_change_what_they_say(gallery: Gallery) -> None:
    head = some_head()
    opened = OpenedHead(head, head.draw_samples())
    rows = evaluation_rows(opened, gallery)
    assert list(rows) == [
        "mean of the frames, no head", "best frame, no head", "no sampling", "S = 5", "S = 10",
        "S = 20, 4 frames",
    ]  # fmt: skip
    inputs = (gallery.texts, gallery.frames, gallery.mask)
    scores = {name: torch.as_tensor(scorer()) for name, scorer in rows.items()}
    assert torch.equal(scores["no sampling"], head.similarities(*inputs, samples=None))
    assert torch.equal(scores["S = 5"], head.similarities(*inputs, samples=head.draw_samples()[:5]))
    full = scores["S = 20, 4 frames"]
    assert torch.equal(full, head.similarities(*inputs, samples=head.draw_samples()))
    assert (scores["S = 5"] <= scores["S = 10"] + 1e-6).all()
    assert (scores["S = 10"] <= full + 1e-6).all()


def test_frame_rows_leave_out_what_the_gallery_does_not_have() -> None:
    wide = make_features()
    frames = np.concatenate([wide.frames, wide.frames, wide.frames[:, :2]], axis=1)
    counts = np.full(len(frames), 10)
    gallery = Gallery.of(replace(wide, frames=frames, counts=counts))
    recipe = TrainConfig(head=HeadConfig(frames=10, samples=2))
    head = TMassHead(recipe.head_of(WIDTH)).eval()
    rows = evaluation_rows(OpenedHead(head, head.draw_samples()), gallery)
    assert list(rows)[3:] == ["S = 2, 10 frames", "S = 2, 4 frames", "S = 2, 8 frames"]
    expected = score(OpenedHead(head, head.draw_samples()), gallery.with_frames(4))
    assert torch.equal(torch.as_tensor(rows["S = 2, 4 frames"]()), expected)


def test_trained_rows_change_one_thing_each(gallery: Gallery, tmp_path: Path) -> None:
    lines: list[str] = []
    batches = FeatureBatches(make_features(), 12)
    rows = trained_rows(tiny(4), batches, tmp_path, gallery, report=lines.append)
    radii = [f"radius: {radius}" for radius in ("none", "cos", "scalar", "linear")]
    assert list(rows) == radii + [f"loss: {name}" for name in LOSSES]
    table = score_table(rows, gallery.video_of_text, resamples=2)
    assert [line for line in lines if line in rows] == list(rows)
    heads = [open_head(path / FILE).head.config.radius for path in tmp_path.iterdir()]
    assert sorted(heads) == ["cos", *["linear"] * 4, "none", "scalar"]  # the given recipe is trained once
    named = {row.name: row for row in table.rows}
    recipe = named["radius: linear"].text_to_video.rankings.average_precisions
    again = named["loss: CE(t_s) + α CE(t_sup)"].text_to_video.rankings.average_precisions
    assert np.array_equal(recipe, again)
    assert len({row.text_to_video.figures.mean_average_precision for row in table.rows}) > 4
    lines.clear()
    score_table(rows, gallery.video_of_text, resamples=2)
    assert lines == list(rows)  # nothing is trained again


def test_training_helps_the_whole_table(gallery: Gallery, tmp_path: Path) -> None:
    recipe = replace(TINY, optimiser=replace(TINY.optimiser, batch=64))
    batches = FeatureBatches(make_features(seed=3, videos=150), 64)
    head = train_head(recipe, batches, tmp_path, report=quiet)
    table = score_table(
        evaluation_rows(OpenedHead(head, head.draw_samples()), gallery), gallery.video_of_text, resamples=2
    )
    by_name = {row.name: row for row in table.rows}
    trained, untrained = by_name["S = 4, 4 frames"], by_name["mean of the frames, no head"]
    for direction in ("text_to_video", "video_to_text"):
        gained = getattr(trained, direction).figures.recall_at_1
        assert gained > getattr(untrained, direction).figures.recall_at_1 + 15
