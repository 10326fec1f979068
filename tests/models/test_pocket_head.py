"""The head of a bundle: trained on pseudo-videos, written into the bundle, calibrated, compared."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from app.bundle.encoder_bundle import load_bundle
from app.bundle.sampling_head import load_head
from app.engines.scorer_names import SCORERS
from models.datasets.backbones import BundleBackbone
from models.datasets.features import FeatureSet
from models.datasets.pseudo_videos import Films, MixtureConfig, PseudoVideos
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from models.pocket.figures.mass import mass_report
from models.pocket.head import HeadRecipe, add_head, mean_of_cosines, product_scores
from models.pocket.pictures.real_clips import without_own
from models.pocket.proof import BEGIN, END, Trained, rows, write_between_marks
from models.train.inputs.pseudo_batches import PseudoVideoBatches, WithRealClips
from tests.models.test_pocket_data import record, write_training

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "bundled" / "pocket"


def tiny_recipe() -> HeadRecipe:
    recipe = HeadRecipe()
    optimiser = replace(recipe.train.optimiser, batch=4, steps=3)
    return replace(
        recipe, camera=replace(recipe.camera, frames=3), train=replace(recipe.train, optimiser=optimiser)
    )


def tiny_gallery(texts: int = 6, clips: int = 5, width: int = 16) -> Gallery:
    draw = torch.Generator().manual_seed(0)
    mask = torch.ones(clips, 12, dtype=torch.bool)
    mask[0, 3:] = False
    return Gallery(
        torch.randn(texts, width, generator=draw),
        torch.randn(clips, 12, width, generator=draw),
        mask,
        torch.arange(texts) % clips,
    )


def test_a_bundle_gets_a_head_and_calibrations_and_keeps_its_identity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(BUNDLE, bundle)
    identity = load_bundle(bundle).identity
    records = [
        record(f"{part}{number}.png", source="flickr8k", captions=[f"{part} {number} one", f"{number} two"])
        | {"split": "heldout" if part == "heldout" else "train", "f8k_split": part}
        for part in ("train", "dev", "heldout")
        for number in range(3)
    ]
    write_training(tmp_path / "training", records)

    add_head(tiny_recipe(), bundle, tmp_path, tmp_path / "work")
    loaded = load_bundle(bundle)
    assert loaded.identity == identity
    head = load_head(loaded)
    assert head is not None
    assert head.frames == 12
    assert set(loaded.calibration.scorers) == set(SCORERS)
    listed = json.loads((bundle / "manifest.json").read_text("utf-8"))["files"]
    assert listed["tmass.npz"]["bytes"] == (bundle / "tmass.npz").stat().st_size

    written = (bundle / "tmass.npz").read_bytes()
    capsys.readouterr()
    add_head(tiny_recipe(), bundle, tmp_path, tmp_path / "work")
    assert "step" not in capsys.readouterr().out  # everything was there
    assert (bundle / "tmass.npz").read_bytes() == written


def test_the_mean_of_cosines_is_over_real_frames() -> None:
    gallery = tiny_gallery()
    unit_t = torch.nn.functional.normalize(gallery.texts, dim=-1)
    scores = mean_of_cosines(gallery.texts, gallery.frames, gallery.mask)
    for clip in range(5):
        real = torch.nn.functional.normalize(gallery.frames[clip][gallery.mask[clip]], dim=-1)
        assert torch.allclose(scores[:, clip], (unit_t @ real.T).mean(1), atol=1e-6)


def test_every_scorer_of_the_program_is_calibrated() -> None:
    head = TMassHead(TMassConfig(16)).eval()
    scores = product_scores(tiny_gallery(), OpenedHead(head, head.draw_samples()))
    assert set(scores) == set(SCORERS)
    assert all(matrix.shape == (6, 5) and bool(matrix.isfinite().all()) for matrix in scores.values())


def test_every_row_of_the_proof_scores_every_pair() -> None:
    heads = [
        TMassHead(TMassConfig(16, radius=radius)).eval() for radius in ("none", "cos", "scalar", "linear")
    ]
    opened = [OpenedHead(head, head.draw_samples()) for head in heads]
    trained = Trained(opened[3], opened[0], {"cos": opened[1], "scalar": opened[2], "linear": opened[3]})
    gallery = tiny_gallery()
    made = rows(gallery, trained, torch.randn(7, 16))
    assert len(made) >= 20
    only_shipped = rows(gallery, Trained(opened[3], None, {"linear": opened[3]}), torch.randn(7, 16))
    assert made.keys() - only_shipped.keys() == {
        "X-Pool", "X-Pool + log-sum-exp", "T-MASS, cos radius, S = 20", "T-MASS, scalar radius, S = 20"
    }  # fmt: skip
    for name, scorer in made.items():
        matrix = np.asarray(scorer())
        assert matrix.shape == (6, 5), name
        assert np.isfinite(matrix).all(), name


def test_the_mass_is_described_by_what_it_does_to_scores() -> None:
    head = TMassHead(TMassConfig(16, prior=Prior("normal", 0.05))).eval()
    gallery = tiny_gallery()
    report = mass_report(gallery, OpenedHead(head, head.draw_samples()))
    assert 0 < report.turn < report.angle < 180
    assert report.learned == pytest.approx(report.scale * float(np.exp(0.1)), rel=0.5)
    points = head.similarities(gallery.texts, gallery.frames, gallery.mask, samples=head.draw_samples())
    plain = head.similarities(gallery.texts, gallery.frames, gallery.mask, samples=None)
    gains = (points - plain)[torch.arange(6), gallery.video_of_text]
    assert report.gain_right == pytest.approx(float(gains.mean()), abs=1e-6)
    assert f"{report.turn:.2f}°" in str(report)
    mixed = TMassHead(TMassConfig(16, soft_maximum_weight=0.5)).eval()
    with pytest.raises(ValueError, match="paper's"):
        mass_report(gallery, OpenedHead(mixed, mixed.draw_samples()))


def test_real_clips_join_the_batches_and_answer_their_own_captions_only() -> None:
    films = Films(
        frames=np.random.default_rng(0).normal(size=(4, 3, 8)).astype(np.float16),
        texts=np.eye(4, 8, dtype=np.float32),
        texts_of=tuple(np.array([number]) for number in range(4)),
        sources=np.zeros(4, np.int64),
        groups=np.arange(4),
    )
    clips = FeatureSet(
        frames=np.full((3, 12, 8), 2, np.float16),
        counts=np.array([2, 12, 5]),
        texts=np.full((4, 8), 3, np.float16),
        video_of_text=np.array([0, 1, 1, 2]),
    )
    pseudo = PseudoVideoBatches(PseudoVideos(films, MixtureConfig()), batch=4, seed=1)
    batches = WithRealClips(pseudo, clips, share=0.5, seed=1)
    batch, again = batches.batch(5), batches.batch(5)
    assert batch.frames.shape == (6, 12, 8)
    assert bool((batch.texts[4:] == 3).all())
    assert batch.groups is not None
    assert len(set(batch.groups.tolist())) == 6
    assert torch.equal(batch.groups, again.groups)
    assert set(batch.mask[4:].sum(1).tolist()) <= {2, 12, 5}


def test_texts_move_away_from_the_clips_an_encoder_knows_by_heart() -> None:
    frames = np.zeros((1, 12, 4), np.float16)
    frames[0, :2, 0] = 5
    clips = FeatureSet(frames, np.array([2]), np.array([[3, 4, 0, 0]], np.float16), np.array([0]))
    weaker = without_own(clips, 0.2).texts[0].astype(np.float32)
    assert np.linalg.norm(weaker) == pytest.approx(5, rel=1e-2)
    assert weaker[0] / 5 < 0.5
    assert np.array_equal(without_own(clips, 0.0).texts, clips.texts)


def test_tables_go_between_the_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    write_between_marks(document, "new")
    assert document.read_text("utf-8") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    document.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="lacks the marks"):
        write_between_marks(document, "new")


def test_the_shipped_bundle_has_a_head_that_fits() -> None:
    bundle = load_bundle(BUNDLE)
    head = load_head(bundle)
    assert head is not None
    assert head.width == bundle.embedding_width == BundleBackbone(BUNDLE, threads=1).width
