"""Films of still pictures and the clips that are put together from them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch")

from models.datasets.films import CameraConfig, film
from models.datasets.pseudo_videos import Films, MixtureConfig, PseudoVideos, embed_films, weaken_matches
from models.pocket.pictures.data import read_pictures
from models.train.inputs.pseudo_batches import PseudoVideoBatches
from tests.models.test_pocket_data import record, write_training

WIDTH = 6


class MeanColour:
    """A backbone that sees a frame's mean colour and a text's length."""

    identity = "mean-colour"
    width = 3

    def __init__(self) -> None:
        self.frames = 0

    def encode_frames(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.frames += len(frames)
        return frames.mean((1, 2), dtype=np.float32)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[len(text), 1, 0] for text in texts], np.float32)


def gradient(height: int = 90, width: int = 120) -> NDArray[np.uint8]:
    """A picture whose red tells the column and whose green tells the row."""
    rows, columns = np.mgrid[0:height, 0:width]
    picture = np.stack([columns * 2, rows * 2, np.full_like(rows, 40)], axis=2)
    return picture.astype(np.uint8)


def made_films(pictures: int = 12, sources: int = 2, length: int = 4) -> Films:
    """Film p's frame i is the vector (p, i, 1, 0, ...); text p points along the film."""
    frames = np.zeros((pictures, length, WIDTH), np.float16)
    frames[:, :, 0] = np.arange(pictures)[:, None]
    frames[:, :, 1] = np.arange(length)
    frames[:, :, 2] = 1
    return Films(
        frames=frames,
        texts=frames[:, 0].astype(np.float32) * 3,
        texts_of=tuple(np.array([picture]) for picture in range(pictures)),
        sources=np.arange(pictures) % sources,
        groups=np.arange(pictures),
    )


def test_a_film_shows_parts_of_its_picture_and_is_the_same_every_time() -> None:
    config = CameraConfig(frames=5, size=32, brightness=0.0, blur_share=0.0, mirror_share=0.0)
    frames = film(gradient(), 3, config)
    assert frames.shape == (5, 32, 32, 3)
    assert frames.dtype == np.uint8
    assert np.array_equal(frames, film(gradient(), 3, config))
    assert not np.array_equal(frames, film(gradient(), 4, config))
    columns = frames[..., 0].astype(float)
    assert (np.diff(columns.mean(1), axis=1) >= 0).all()  # red still grows from left to right
    spans = columns.mean(1).max(1) - columns.mean(1).min(1)
    assert (spans >= 0.55 * 238).all()  # no window is narrower than min_side
    assert np.abs(frames[..., 2].astype(int) - 40).max() == 0


def test_mirror_light_and_blur_change_a_film() -> None:
    still = CameraConfig(frames=3, size=24, min_side=1.0, largest_pan=0.0, brightness=0.0, blur_share=0.0)
    plain = film(gradient(), 0, replace(still, mirror_share=0.0))
    mirrored = film(gradient(), 0, replace(still, mirror_share=1.0))
    assert np.array_equal(mirrored, plain[:, :, ::-1])
    lit = film(gradient(), 0, replace(still, mirror_share=0.0, brightness=0.5))
    assert not np.array_equal(lit, plain)
    noise = np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8)
    sharp = film(noise, 0, replace(still, mirror_share=0.0))
    blurred = film(noise, 0, replace(still, mirror_share=0.0, blur_share=1.0))
    assert blurred.std() < 0.8 * sharp.std()


def test_clips_mix_the_picture_with_others_of_its_source() -> None:
    config = MixtureConfig(frames=12, least_shown=2, most_shown=8, most_others=3)
    videos = PseudoVideos(made_films(), config)
    pictures = np.tile(np.arange(12), 10)
    frames, mask = videos.clips(pictures, np.random.default_rng(0))
    assert mask.all()
    shown = []
    for picture, clip in zip(pictures, frames, strict=True):
        sources = clip[:, 0].astype(int)
        assert set(sources % 2) == {picture % 2}
        shown.append((sources == picture).sum())
        assert 1 <= len(set(sources) - {picture}) <= 3
        starts = np.flatnonzero(np.diff(sources)) + 1
        assert len(starts) <= 3  # every picture is one shot
    assert min(shown) == 2
    assert max(shown) == 8


def test_whole_and_short_clips() -> None:
    whole = PseudoVideos(made_films(), MixtureConfig(whole_share=1.0))
    frames, mask = whole.clips(np.arange(12), np.random.default_rng(0))
    assert mask.all()
    assert (frames[:, :, 0] == np.arange(12)[:, None]).all()
    short = PseudoVideos(made_films(), MixtureConfig(short_share=1.0))
    frames, mask = short.clips(np.tile(np.arange(12), 10), np.random.default_rng(0))
    counts = mask.sum(1)
    assert counts.min() == 3
    assert counts.max() == 12
    assert (np.diff(mask.astype(int), axis=1) <= 0).all()  # real frames first
    assert not frames[~mask].any()


def test_a_held_set_asks_every_text_once() -> None:
    films = replace(
        made_films(3),
        texts=np.ones((4, WIDTH), np.float32),
        texts_of=(np.array([0, 1]), np.array([2]), np.array([3])),
    )
    held = PseudoVideos(films, MixtureConfig()).held(np.random.default_rng(0))
    assert held.frames.shape == (3, 12, WIDTH)
    assert held.video_of_text.tolist() == [0, 0, 1, 2]
    assert len(held.texts) == 4


def test_weakened_texts_keep_their_length_and_lose_likeness_to_their_own_film_only() -> None:
    draw = np.random.default_rng(0)
    films = replace(
        made_films(),
        frames=draw.normal(size=(12, 4, 64)).astype(np.float16),
        texts=draw.normal(size=(12, 64)).astype(np.float32),
    )

    def cosines(some: Films) -> NDArray[np.float32]:
        means = some.frames.astype(np.float32)
        means = (means / np.linalg.norm(means, axis=2, keepdims=True)).mean(1)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return some.texts / np.linalg.norm(some.texts, axis=1, keepdims=True) @ means.T

    weakened = weaken_matches(films, 0.2)
    before, after = cosines(films), cosines(weakened)
    assert np.allclose(np.linalg.norm(weakened.texts, axis=1), np.linalg.norm(films.texts, axis=1), rtol=1e-5)
    assert (np.diag(before) - np.diag(after)).min() > 0.1
    others = ~np.eye(12, dtype=bool)
    assert np.abs(before - after)[others].mean() < 0.05
    assert np.allclose(weaken_matches(films, 0.0).texts, films.texts, rtol=1e-5)


def test_films_are_embedded_once(tmp_path: Path) -> None:
    records = [record(f"{name}.png", captions=[f"a {name} card", "a card"]) for name in ("red", "blue")]
    training = write_training(tmp_path / "training", records)
    pictures, backbone = read_pictures(training), MeanColour()
    camera = CameraConfig(frames=3, size=16)
    films = embed_films(pictures, training, backbone, tmp_path / "work", camera)
    assert films.frames.shape == (2, 3, 3)
    assert backbone.frames == 6
    assert len(films.texts) == 3  # "a card" is one text of both
    assert [texts.tolist() for texts in films.texts_of] == [[0, 1], [2, 1]]
    again = embed_films(pictures, training, backbone, tmp_path / "work", camera)
    assert backbone.frames == 6
    assert np.array_equal(films.frames, again.frames)
    embed_films(pictures, training, backbone, tmp_path / "work", replace(camera, seed=1))
    assert backbone.frames == 12


def test_batches_depend_on_the_step_alone() -> None:
    batches = PseudoVideoBatches(PseudoVideos(made_films(), MixtureConfig()), batch=5, seed=7)
    assert batches.width == WIDTH
    assert batches.steps_per_epoch == 2
    first, other = batches.batch(3), batches.batch(4)
    again = batches.batch(3)
    assert first.frames.equal(again.frames)
    assert first.texts.equal(again.texts)
    assert not first.frames.equal(other.frames)
    assert first.frames.shape == (5, 12, WIDTH)
    assert first.groups is not None
    assert len(set(first.groups.tolist())) == 5
    # The text of row i describes clip i: its picture is among the clip's frames.
    for text, clip in zip(first.texts, first.frames, strict=True):
        assert (clip[:, 0] == text[0] / 3).any()
