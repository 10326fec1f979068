"""What is tried before it becomes the default: scores of clips of any length, evidence for verdicts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch")

import torch

from app.bundle.score_calibration import ScoreCalibration
from models.datasets.features import FeatureSet
from models.datasets.pseudo_videos import Films
from models.evaluate.gallery import Gallery
from models.heads.baselines import log_sum_exp_similarity
from models.pocket import lengths, verdicts
from models.pocket.lengths import Parts, cut, forms, gain_interval, standardised, with_bonus
from tests.models.test_pocket_data import record, write_training

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "bundled" / "pocket"


def some_clips(counts: tuple[int, ...] = (1, 2, 3, 5, 12), width: int = 8) -> FeatureSet:
    rng = np.random.default_rng(0)
    frames = np.zeros((len(counts), 12, width), np.float16)
    for clip, count in enumerate(counts):
        frames[clip, :count] = rng.standard_normal((count, width))
    texts = rng.standard_normal((2 * len(counts), width)).astype(np.float16)
    return FeatureSet(frames, np.array(counts), texts, np.arange(2 * len(counts)) % len(counts))


def parts_of(clips: FeatureSet) -> Parts:
    gallery = Gallery.of(clips)
    head = np.random.default_rng(1).random((len(clips.texts), len(clips.counts))).astype(np.float32)
    return Parts(head, gallery, clips.counts)


@pytest.mark.parametrize(
    ("wanted", "rows"), [(1, [2]), (2, [1, 3]), (3, [0, 2, 4]), (5, [0, 1, 2, 3, 4]), (9, [0, 1, 2, 3, 4])]
)
def test_a_clip_that_is_cut_keeps_the_middles_of_equal_parts(wanted: int, rows: list[int]) -> None:
    clips = some_clips((5,))
    shorter = cut(clips, np.array([wanted]))
    assert shorter.counts.tolist() == [len(rows)]
    np.testing.assert_array_equal(shorter.frames[0, : len(rows)], clips.frames[0, rows])
    assert not shorter.frames[0, len(rows) :].any()


def test_every_form_scores_every_pair_and_the_default_comes_first() -> None:
    parts = parts_of(some_clips())
    names = list(forms())
    assert names[0] == "the default"
    for form in forms().values():
        scores = form(parts)
        assert scores.shape == (10, 5)
        assert np.isfinite(scores).all()
    soft = log_sum_exp_similarity(parts.gallery.texts, parts.gallery.frames, parts.gallery.mask, 20.0)
    np.testing.assert_allclose(parts.default(), 0.5 * parts.head + 0.5 * soft.numpy(), atol=1e-6)


def test_the_bonus_is_that_of_the_sum_instead_of_the_mean() -> None:
    """β = 0 in `(1/g)(log Σ exp(g s) − β log n)`."""
    parts = parts_of(some_clips())
    cosines = [
        torch.nn.functional.cosine_similarity(parts.gallery.texts[:, None], frames[None, :count], dim=-1)
        for frames, count in zip(parts.gallery.frames, parts.lengths.tolist(), strict=True)
    ]
    total = torch.stack([(20 * each).logsumexp(1) / 20 for each in cosines], 1).numpy()
    wanted = 0.5 * parts.head + 0.5 * total
    np.testing.assert_allclose(with_bonus(parts, 0.5 / 20), wanted, atol=1e-5)


def test_clips_of_a_length_are_standardised_among_themselves() -> None:
    parts = parts_of(some_clips((1, 1, 1, 6, 7, 8)))
    scores = standardised(parts, parts.default())
    for group in (slice(0, 3), slice(3, 6)):
        np.testing.assert_allclose(scores[:, group].mean(1), 0, atol=1e-5)
        np.testing.assert_allclose(scores[:, group].std(1), 1, atol=1e-3)


def test_the_interval_is_drawn_by_clips_not_by_captions() -> None:
    """A hundred captions of one clip say no more than one."""
    gained = np.repeat([0.0, 1.0], 100)
    narrow = gain_interval(gained, np.arange(200))
    wide = gain_interval(gained, np.repeat([0, 1], 100))
    assert wide == (0.0, 1.0)
    assert 0.4 < narrow[0] < 0.5 < narrow[1] < 0.6


def material(scores: NDArray[np.float64]) -> verdicts.Material:
    rng, queries = np.random.default_rng(2), len(scores)
    return verdicts.Material(
        scores=scores,
        bank=rng.standard_normal((30, scores.shape[1])) / 10,
        answers=np.arange(queries) % scores.shape[1],
        lengths=rng.random(queries),
        to_bank=rng.random((queries, 30)),
        reach=rng.random(queries),
    )


def test_the_evidence_is_what_its_names_say() -> None:
    scores = np.array([[0.1, 0.5, 0.2, 0.3, 0.0]])
    calibration = ScoreCalibration(unmatched_mean=0.0, unmatched_std=0.1, slope=2.0, offset=-3.0)
    found = verdicts.evidence(verdicts.Library(scores[0], np.arange(5)), 0, material(scores), calibration)
    by_name = dict(zip(verdicts.EVIDENCE, found, strict=True))
    share = 1000 / 1005
    mean = (1 - share) * 0.22
    spread = np.sqrt(share * 0.01 + (1 - share) * scores.var())
    assert by_name["z"] == pytest.approx((0.5 - mean) / spread)
    assert by_name["lead over the second"] == pytest.approx(0.2 / spread)
    assert by_name["over the fifth"] == by_name["over the twentieth"] == pytest.approx(0.5 / spread)
    assert by_name["the score itself"] == 0.5
    assert by_name["clips near the best"] == 1


def test_a_regression_finds_the_column_that_tells() -> None:
    rng = np.random.default_rng(3)
    there, gone = rng.standard_normal((400, 3)), rng.standard_normal((400, 3))
    there[:, 1] += 3
    learn = np.arange(400) < 200
    yes, no = verdicts.fitted(there, gone, (0, 1, 2), learn)
    assert len(yes) == len(no) == 200
    assert np.mean(yes[:, None] > no[None]) > 0.95
    yes, no = verdicts.fitted(there, gone, (0, 2), learn)
    assert np.mean(yes[:, None] > no[None]) < 0.6


def test_a_report_has_a_line_for_every_evidence_and_what_nobody_knows() -> None:
    rng = np.random.default_rng(4)
    scores = rng.standard_normal((60, 40)) / 10
    scores[np.arange(60), np.arange(60) % 40] += 0.4
    lines = list(verdicts.report(material(scores), ScoreCalibration(), 10))
    rows = [line for line in lines if line.startswith("| ") and "area" not in line]
    assert len(rows) == len(verdicts.EVIDENCE) + len(verdicts.TRIED) + 1
    areas = [float(row.split("|")[2]) for row in rows]
    assert areas[0] > 0.8
    assert all(0.5 <= area <= 1 for area in areas[: len(verdicts.EVIDENCE)])
    assert "known" in rows[-1]


def test_texts_are_weakened_until_as_few_pictures_come_first() -> None:
    rng = np.random.default_rng(5)
    pictures = rng.standard_normal((50, 16)).astype(np.float32)
    films = Films(
        frames=np.repeat(pictures[:, None], 2, 1).astype(np.float16),
        texts=(pictures + 1.5 * rng.standard_normal((50, 16))).astype(np.float32),
        texts_of=tuple(np.array([number]) for number in range(50)),
        sources=np.zeros(50, np.int64),
        groups=np.arange(50),
    )
    before = verdicts.first_share(films, pictures)
    share, weakened = verdicts.as_unknown(films, pictures)
    assert before > verdicts.FIRST
    assert 0 < share < 0.5
    assert verdicts.first_share(weakened, pictures) <= verdicts.FIRST


@pytest.mark.parametrize(
    ("sections", "heading"), [(lengths.sections, "Filmed dev pictures"), (verdicts.sections, "weakened")]
)
def test_the_commands_run_on_a_folder_of_pictures(
    sections: Callable[[Path, Path, Path], object],
    heading: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lengths, "RESAMPLES", 5)
    monkeypatch.setattr(verdicts, "SIZES", (2,))
    records = [
        record(f"{number}.png", source="flickr8k", captions=[f"card number {number}", f"a card {number}"])
        | {"f8k_split": "dev"}
        for number in range(6)
    ]
    write_training(tmp_path / "training", records)
    with torch.inference_mode():
        made = "\n".join(sections(BUNDLE, tmp_path, tmp_path / "work"))
    assert heading in made
    assert "| z |" in made or "| the default |" in made
