"""Pictures as vectors: alone, together with words across the gap between the two, and what a cosine means."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.search.alike.likeness import EncodedLikeness, Middles, Words, mixed
from app.search.evidence.calibration import likeness_level
from app.search.scorers.cosine import EncodedText, Medium
from app.vectors.vector_index import Gallery
from tests.search.galleries import gallery_of

Vectors = NDArray[np.float32]
WIDTH = 16


def units(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(5)


def in_gap(draw: np.random.Generator, gap: float) -> tuple[Vectors, Vectors]:
    """Pictures (40, 16) and texts (40, 16) of the same things in two cones."""
    things = units(draw.normal(size=(40, WIDTH)).astype(np.float32))
    away = units(draw.normal(size=(2, WIDTH)).astype(np.float32))
    return units(things + gap * away[0]), units(things + gap * away[1])


@pytest.mark.parametrize("gap", [0.0, 1.0, 3.0])
def test_words_and_picture_both_count_whatever_the_gap(draw: np.random.Generator, gap: float) -> None:
    pictures, texts = in_gap(draw, gap)
    gallery = gallery_of(pictures)
    middles = Middles(gallery, lambda: texts)
    right = 0
    for picture, words in ((1, 2), (3, 4), (5, 6), (7, 8)):
        vector = mixed(Words(texts[words], 1.0), [EncodedLikeness(pictures[[picture]])], [1.0], middles)
        best = np.argsort(-(pictures @ vector))[:3].tolist()
        right += {picture, words} <= set(best)
    assert right >= 3


def test_without_words_a_picture_stays_what_it_is(draw: np.random.Generator) -> None:
    pictures, _ = in_gap(draw, 1.0)
    assert mixed(None, [EncodedLikeness(pictures[:1])], [2.0], None) == pytest.approx(pictures[0], abs=1e-6)
    both = mixed(None, [EncodedLikeness(pictures[:1]), EncodedLikeness(pictures[1:2])], [3.0, 1.0], None)
    assert both @ pictures[0] > both @ pictures[1]


def test_a_weight_moves_the_mixture(draw: np.random.Generator) -> None:
    pictures, texts = in_gap(draw, 0.5)
    middles = Middles(gallery_of(pictures), lambda: texts)

    def near(weight: float) -> float:
        vector = mixed(Words(texts[2], weight), [EncodedLikeness(pictures[[1]])], [1.0], middles)
        return float(vector @ pictures[2] - vector @ pictures[1])

    assert near(0.2) < near(1.0) < near(5.0)


def test_a_bank_that_is_not_there_yet_stops_nothing(draw: np.random.Generator) -> None:
    pictures, texts = in_gap(draw, 0.5)
    middles = Middles(gallery_of(pictures), lambda: None)
    vector = mixed(Words(texts[2], 1.0), [EncodedLikeness(pictures[[1]])], [1.0], middles)
    assert np.linalg.norm(vector) == pytest.approx(1.0)


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_picture_itself_is_a_sure_match_and_others_are_none(
    draw: np.random.Generator, count: int
) -> None:
    pictures, _ = in_gap(draw, 0.4)
    gallery: Gallery = gallery_of(pictures[:count])
    level = likeness_level(EncodedText.of(pictures[0], Medium.PICTURE), gallery)
    assert level.strength(1.0) > 0.9
    assert level.strength(float(pictures[0] @ pictures[30])) < 0.2
