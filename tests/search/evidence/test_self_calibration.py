"""What scores mean with a bundle that brings no calibration: learned from the library, whatever the scale."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.bundle.score_calibration import Calibration
from app.search.evidence import self_calibration as module
from app.search.evidence.calibration import Judgement, calibration_for, judge
from app.search.evidence.self_calibration import (
    CLIPS,
    CalibrationCache,
    evenly,
    known_clips,
    self_calibration,
)
from app.search.outcome import Verdict
from app.search.scorers.cosine import (
    Candidates,
    EncodedText,
    MaximumScorer,
    PooledScorer,
    Scorer,
    TopKScorer,
)
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from tests.bundles import make_bundle

Vectors = NDArray[np.float32]
WIDTH, TOPICS = 64, 40


def unit(vectors: NDArray[np.floating]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def encoder(noise: float, seed: int = 0) -> tuple[Vectors, Vectors]:
    """Texts and frames (TOPICS, WIDTH) of topics that an encoder tells apart, up to this much noise."""
    rng = np.random.default_rng(seed)
    topics = unit(rng.standard_normal((TOPICS, WIDTH)))
    return topics, unit(topics + noise * unit(rng.standard_normal((TOPICS, WIDTH))))


def library(frames: Vectors, clips: int, seed: int = 1, spread: float = 0.4) -> Gallery:
    """Clips of one to six frames, each about a topic."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 7, clips)
    topic = np.repeat(rng.integers(0, len(frames), clips), lengths)
    vectors = frames[topic] + spread * unit(rng.standard_normal((len(topic), WIDTH)))
    return gallery_of(unit(vectors), np.repeat(np.arange(clips), lengths))


def gallery_of(vectors: Vectors, clips: NDArray[np.int64]) -> Gallery:
    count = len(vectors)
    store = GalleryStore(vectors.shape[1], max(1, count))
    store.append(
        StoredEmbeddings(
            video_id=1,
            folder_id=1,
            revision=1,
            matrix=vectors.astype(np.float16),
            frame_ids=np.arange(count, dtype=np.int64),
            times=np.arange(count, dtype=np.float64),
            clips=clips.astype(np.int32),
        )
    )
    return store.snapshot()


def bank_of(texts: Vectors, count: int = 200) -> Vectors:
    rng = np.random.default_rng(2)
    near = texts[rng.integers(0, len(texts), count)]
    return unit(near + 0.7 * unit(rng.standard_normal((count, WIDTH))))


def answers(texts: Vectors, gallery: Gallery, bank: Vectors, scorer: Scorer) -> list[Judgement]:
    """What is said of every clip, text by text."""
    calibration, found = self_calibration(gallery, bank), []
    for text in texts:
        encoded = EncodedText.of(text)
        every = np.arange(len(gallery.clip_starts))
        clips = Candidates.of(every, gallery, gallery.vectors @ encoded.unit)
        found.append(judge(scorer, encoded, clips, gallery, calibration))
    return found


def strongest(texts: Vectors, gallery: Gallery, bank: Vectors, scorer: Scorer) -> NDArray[np.float64]:
    """The strength of the best clip, text by text."""
    found = answers(texts, gallery, bank, scorer)
    return np.array([judgement.level.strength(float(judgement.judged.max())) for judgement in found])


def test_what_is_there_is_good_and_what_is_not_is_less() -> None:
    texts, frames = encoder(0.5)
    gallery, bank = library(frames[:30], 300), bank_of(texts)
    there = strongest(texts[:30], gallery, bank, PooledScorer())
    absent = strongest(texts[30:], gallery, bank, PooledScorer())
    assert there.min() > 0.4
    assert np.median(there) > 0.8
    assert np.median(absent) < 0.4


def test_an_encoder_that_sees_nothing_promises_nothing() -> None:
    """The best of many is high by chance alone; the default slope would call that a match."""
    texts, _ = encoder(0.0)
    _, unrelated = encoder(0.0, seed=9)
    gallery, bank = library(unrelated, 2000), bank_of(texts)
    seen = self_calibration(gallery, bank).scorers["max"]
    assert seen.slope < 0.75 * self_calibration(library(texts, 2000), bank).scorers["max"].slope
    found = answers(texts, gallery, bank, MaximumScorer())
    good = [one.level.verdict(float(one.judged.max())) is Verdict.GOOD for one in found]
    assert np.mean(good) < 0.25


def test_less_noise_means_a_steeper_slope() -> None:
    slopes = []
    for noise in (0.3, 1.0, 2.0, 4.0):
        texts, frames = encoder(noise)
        slopes.append(self_calibration(library(frames, 600), bank_of(texts)).slope)
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[0] > 1.3 * slopes[-1]


@pytest.mark.parametrize("scorer", [PooledScorer(), MaximumScorer(), TopKScorer()])
def test_cosines_on_another_scale_say_the_same(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As CLIP's, which lie between 0.1 and 0.4, or SigLIP's, about 0."""
    texts, frames = encoder(0.7)
    gallery, bank = library(frames, 150), bank_of(texts)
    plain = strongest(texts, gallery, bank, scorer)
    for scale, shift in ((0.18, 0.22), (0.1, -0.03)):
        squeezed = with_cosines(gallery, scale, shift)
        other = strongest(extended(texts), squeezed, extended(bank), scorer)
        np.testing.assert_allclose(other, plain, atol=5e-3)


def extended(texts: Vectors) -> Vectors:
    """Texts in the space of `with_cosines`."""
    return np.concatenate([texts, np.ones((*texts.shape[:-1], 1), np.float32)], axis=-1) / np.float32(2**0.5)


def with_cosines(gallery: Gallery, scale: float, shift: float) -> Gallery:
    """The gallery in a space where every cosine of an `extended` text is scale · cosine + shift."""
    vectors = np.concatenate(
        [scale * gallery.vectors[:], np.full((len(gallery), 1), shift, np.float32)], axis=1
    ) * np.float32(2**0.5)
    return replace(gallery, vectors=np.asarray(vectors, np.float32))


def test_a_common_direction_of_all_texts_changes_little() -> None:
    """The cone in which the embeddings of contrastive encoders lie."""
    texts, frames = encoder(0.7)
    gallery, bank = library(frames, 400), bank_of(texts)
    common = 2 * unit(np.random.default_rng(5).standard_normal(WIDTH))
    plain = self_calibration(gallery, bank).scorers["pooled"]
    cone = self_calibration(gallery, unit(bank + common)).scorers["pooled"]
    assert cone.slope == pytest.approx(plain.slope, rel=0.05)


def test_three_clips_give_no_nonsense() -> None:
    texts, frames = encoder(0.5)
    gallery, bank = library(frames[:3], 3, seed=4), bank_of(texts)
    topics = {int(np.argmax(frames @ gallery.vectors[row])) for row in gallery.clip_starts}
    for scorer in (PooledScorer(), MaximumScorer()):
        there = strongest(texts[sorted(topics)], gallery, bank, scorer)
        absent = strongest(texts[3:], gallery, bank, scorer)
        assert there.min() > 0.6
        assert np.mean(absent < 0.4) > 0.7


@pytest.mark.parametrize("clips", [1, 2])
def test_one_clip_or_two_have_an_answer(clips: int) -> None:
    texts, frames = encoder(0.5)
    gallery = library(frames, clips)
    for scorer in (PooledScorer(), TopKScorer()):
        (strength,) = strongest(texts[:1], gallery, bank_of(texts), scorer)
        assert 0 <= strength <= 1


def test_without_clips_or_bank_nothing_is_learned() -> None:
    texts, frames = encoder(0.5)
    nothing = np.empty((0, WIDTH), np.float32)
    empty = gallery_of(nothing, np.empty(0, np.int64))
    assert self_calibration(empty, bank_of(texts)).scorers == {}
    assert self_calibration(library(frames, 20), nothing).scorers == {}


def test_frames_without_direction_have_an_answer() -> None:
    texts, _ = encoder(0.5)
    black = gallery_of(np.zeros((20, WIDTH), np.float32), np.arange(20))
    (strength,) = strongest(texts[:1], black, bank_of(texts), PooledScorer())
    assert 0 <= strength <= 1


def test_the_scores_are_those_of_the_formulas() -> None:
    texts, frames = encoder(0.7)
    gallery, bank = library(frames, 52), bank_of(texts)
    asked = bank[module.evenly(len(bank), module.TEXTS)]
    best = np.array(
        [
            [
                max(gallery.vectors[row] @ text for row in range(*gallery.clip_rows(clip)))
                for clip in range(50)
            ]
            for text in asked
        ],
        dtype=np.float64,
    )
    assert known_clips(gallery) == 50
    learned = self_calibration(gallery, bank).scorers["max"]
    assert learned.unmatched_mean == pytest.approx(best.mean(), abs=1e-6)
    assert learned.unmatched_std == pytest.approx(best.std(), rel=1e-5)
    apart = best - best.mean(0)
    skews = [((row - row.mean()) ** 3).mean() / row.std() ** 3 for row in apart]
    gamma = float(np.median(np.clip(np.array(skews) * np.sqrt(50 * 49) / 48, -1, 1)))
    gamma = (50 * gamma + 64 * 0.36) / (50 + 64)
    match = 3.4 * gamma ** (1 / 3)
    assert learned.slope == pytest.approx(match / (1 + 0.55 * gamma), rel=1e-4)
    assert learned.offset == pytest.approx(-learned.slope * match / 2, rel=1e-4)


def test_it_is_learned_anew_only_when_the_library_grew_by_a_tenth(tmp_path: Path) -> None:
    texts, frames = encoder(0.5)
    measured = load_bundle(make_bundle(tmp_path))
    files = {name: digest for name, digest in measured.hashes.items() if name != "calibration.json"}
    bundle = replace(measured, hashes=files)
    keeper = CalibrationCache(bundle)
    asked: list[int] = []

    def bank() -> Vectors:
        asked.append(1)
        return bank_of(texts)

    sizes = (115, 120, 125, 130, 140)
    galleries = [first_clips(library(frames, 300), size) for size in sizes]
    found = [keeper.calibration(gallery, bank) for gallery in galleries]
    assert [known_clips(gallery) for gallery in galleries] == [113, 113, 124, 124, 136]
    assert len(asked) == 3
    assert found[0] is found[1]
    for gallery, calibration in zip(galleries, found, strict=True):
        assert calibration == self_calibration(gallery, bank_of(texts))
        assert calibration == calibration_for(bundle, gallery, bank_of(texts))
    other = first_clips(library(frames, 300, seed=7), 140)
    assert keeper.calibration(other, bank) == self_calibration(other, bank_of(texts))


def test_nobody_waits_for_a_bank_that_is_being_made(tmp_path: Path) -> None:
    texts, frames = encoder(0.5)
    measured = load_bundle(make_bundle(tmp_path))
    files = {name: digest for name, digest in measured.hashes.items() if name != "calibration.json"}
    keeper, gallery = CalibrationCache(replace(measured, hashes=files)), library(frames, 50)
    making, made = threading.Event(), threading.Event()

    def bank() -> Vectors:
        making.set()
        assert made.wait(20)
        return bank_of(texts)

    with ThreadPoolExecutor(2) as pool:
        try:
            first = pool.submit(keeper.calibration, gallery, bank)
            assert making.wait(20)
            assert pool.submit(keeper.calibration, gallery, lambda: None).result(5) == Calibration()
        finally:
            made.set()
        learned = self_calibration(gallery, bank_of(texts))
        assert first.result(20) == learned
    assert keeper.calibration(gallery, lambda: None) == learned


def first_clips(gallery: Gallery, clips: int) -> Gallery:
    rows = gallery.clip_rows(clips - 1)[1]
    return gallery_of(gallery.vectors[:rows], gallery.clip_of_row[:rows])


def test_a_measured_bundle_keeps_what_was_measured(tmp_path: Path) -> None:
    bundle = load_bundle(make_bundle(tmp_path))
    texts, frames = encoder(0.5)
    gallery = library(frames, 50)
    assert calibration_for(bundle, gallery, bank_of(texts)) is bundle.calibration
    assert CalibrationCache(bundle).calibration(gallery, lambda: bank_of(texts)) is bundle.calibration


def test_of_a_large_library_only_a_sample_is_read() -> None:
    rng = np.random.default_rng(0)
    vectors, clips = unit(rng.standard_normal((10_000, 512))), np.arange(10_000) // 10
    bank = unit(rng.standard_normal((225, 512)))
    gallery = gallery_of(vectors, clips)
    sampled = np.isin(clips, evenly(known_clips(gallery), CLIPS))
    assert sampled.sum() == 10 * CLIPS
    rest = gallery_of(np.where(sampled[:, None], vectors, np.float32("nan")), clips)
    assert self_calibration(rest, bank) == self_calibration(gallery, bank)
