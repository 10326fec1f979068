"""Pocket's data: records, shards, views, prompts, the sentence corpus, pair sampling."""

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app.paths import bundled_model

pytest.importorskip("torch")

from models.pocket.bundle import BundleRunner
from models.pocket.config import CorpusConfig, PocketConfig
from models.pocket.figures.bank import write_bank
from models.pocket.pictures.data import Part, Picture, decode, read_pictures, read_pixels
from models.pocket.pictures.film_frames import read_frame_pixels, read_frames
from models.pocket.pictures.pixel_store import cached_pixels
from models.pocket.pictures.preprocess import squash
from models.pocket.words.corpus import build_corpus, normalised
from models.pocket.words.pairs import PairSampler, PictureWords, Pool
from models.pocket.words.phrases import collect_phrases, phrases_of
from models.pocket.words.prompts import object_prompts, picture_texts, positive_group
from tests.videos import Scene, make_video

RED, BLUE = (255, 0, 0), (0, 0, 255)


def record(name: str, **fields: Any) -> dict[str, Any]:
    return {"shard": "shard-000.tar", "name": name, "source": "made", "split": "train", **fields}


RECORDS = [
    record("a.png", captions=["A red card .", "Something red"], f8k_split="train"),
    record("b.png", captions=["A blue card ."], split="heldout", f8k_split="test"),
    record("c.png", captions=["A dim card ."], f8k_split="dev"),
    record("d.png", kind="food", label="apple pie", synonyms=["pie"]),
    record("e.png", kind="food", label="Apple pie"),
    record("f.png", kind="objects", label="door, wall", labels=["wall", "door"]),
]


def write_training(folder: Path, records: list[dict[str, Any]], color: tuple[int, int, int] = RED) -> Path:
    """A training folder whose pictures are 20x30 plain colour."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / "shard-000.tar", "w") as shard:
        for entry in records:
            plain = np.full((20, 30, 3), color[::-1], np.uint8)
            encoded = cv2.imencode(".png", plain)[1].tobytes()
            member = tarfile.TarInfo(entry["name"])
            member.size = len(encoded)
            shard.addfile(member, io.BytesIO(encoded))
    with gzip.open(folder / "captions.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(entry) + "\n" for entry in records)
    return folder


@pytest.fixture
def training(tmp_path: Path) -> Path:
    return write_training(tmp_path / "training", RECORDS)


def test_records_tell_their_part_and_words(training: Path) -> None:
    pictures = read_pictures(training)
    assert [picture.part for picture in pictures] == ["train", "heldout", "dev", "train", "train", "train"]
    assert pictures[0].captions == ("A red card .", "Something red")
    assert pictures[5].objects == ("door", "wall")
    assert "someone eats pie" in picture_texts(pictures[3])
    assert picture_texts(pictures[0]) == ["A red card .", "Something red"]


def test_pixels_come_as_rgb_in_the_order_asked_for(training: Path) -> None:
    pictures = read_pictures(training)
    pixels = list(read_pixels(training, [pictures[3], pictures[0]]))
    assert [picture.shape for picture in pixels] == [(20, 30, 3)] * 2
    assert tuple(pixels[0][0, 0]) == RED


def test_a_missing_picture_and_garbage_are_refused(training: Path) -> None:
    ghost = Picture.from_record(record("ghost.png", captions=["x"]))
    with pytest.raises(KeyError, match=r"ghost\.png"):
        list(read_pixels(training, [ghost]))
    with pytest.raises(ValueError, match="noise"):
        decode(b"no picture", "noise")


def test_squash_is_the_programs_resize() -> None:
    picture = np.arange(40 * 60 * 3, dtype=np.uint32).reshape(40, 60, 3).astype(np.uint8)
    assert np.array_equal(squash(picture, 20), cv2.resize(picture, (20, 20), interpolation=cv2.INTER_AREA))
    assert np.array_equal(squash(picture, 80), cv2.resize(picture, (80, 80), interpolation=cv2.INTER_LINEAR))


def test_objects_become_sentences_in_two_orders() -> None:
    sentences = object_prompts(("door", "wall"))
    assert "a scene with door and wall" in sentences
    assert "a photo of wall and door" in sentences
    assert "there are lamp" in object_prompts(("lamp",))


def test_the_corpus_leaves_out_every_held_out_caption(training: Path, tmp_path: Path) -> None:
    annotations = tmp_path / "annotations"
    annotations.mkdir()
    (annotations / "flickr8k_captions.txt").write_text(
        "image,caption\n1.jpg,a BLUE card\n2.jpg,A green card .\n"
    )
    labels = tmp_path / "labels.txt"
    labels.write_text("tench, Tinca tinca\n")
    config = CorpusConfig(caption_fragments=200, word_pairs=5, templates_per_word=2)
    words = {"zebra": 1, "##bra": 2, "ox": 3}
    corpus = build_corpus(read_pictures(training), annotations, labels, words, config)
    forms = {normalised(sentence) for sentence in corpus}
    assert "a blue card" not in forms
    assert {"a red card", "a green card", "a dim card", "zebra", "tinca tinca"} <= forms
    assert "ox" not in forms
    assert len(corpus) == len(set(corpus))
    assert corpus == build_corpus(read_pictures(training), annotations, labels, words, config)


def test_a_batch_mixes_captions_and_labels_and_groups_equal_labels(training: Path) -> None:
    pictures = read_pictures(training)
    texts = list(dict.fromkeys(text for picture in pictures for text in picture_texts(picture)))
    words = PictureWords.of(pictures, {text: number for number, text in enumerate(texts)})
    assert positive_group(pictures[3]) == positive_group(pictures[4])
    assert words.groups[3] == words.groups[4] != words.groups[5]
    batch = PairSampler(Pool.of(pictures, words, ("train",)), seed=1).batch(4, captioned_share=0.25)
    assert sorted(batch.pictures) == [0, 3, 4, 5]
    assert all(
        text in words.texts_of[picture] for picture, text in zip(batch.pictures, batch.texts, strict=True)
    )
    assert batch.captioned == 1


def test_phrases_are_short_and_neither_begin_nor_end_weakly() -> None:
    found = phrases_of("A black dog jumps into the lake .")
    assert {"black dog", "black dog jumps", "dog", "lake"} <= found.keys()
    assert not {"a", "the lake", "into", "jumps into"} & found.keys()


def test_phrases_stand_in_several_pictures_and_not_in_held_out_ones() -> None:
    def picture(number: int, caption: str, part: Part = "train") -> Picture:
        return Picture("s", f"{number}", "made", part, (caption,), "", "", (), ())

    dogs = [picture(number, "a wet dog") for number in range(4)]
    cats = [picture(number, "a cat", "heldout") for number in range(4, 9)]
    rest = [picture(number, f"thing{'abcdefghij'[number % 10]}x alone") for number in range(9, 60)]
    phrases = collect_phrases([*dogs, *cats, *rest])
    assert {"dog", "wet dog", "wet"} <= set(phrases.texts)
    assert "cat" not in phrases.texts
    assert "alone" not in phrases.texts, "nearly every picture has it"
    assert [phrases.texts[number] for number in phrases.of_picture[0]] == ["dog", "wet", "wet dog"]
    assert len(phrases.of_picture[4]) == 0


def test_squashed_pictures_are_kept_and_not_made_again(training: Path, tmp_path: Path) -> None:
    pictures = read_pictures(training)
    first = cached_pixels(pictures, read_pixels(training, pictures), 16, tmp_path)
    assert first.shape == (6, 3, 16, 16)
    assert tuple(first[0, :, 0, 0].tolist()) == RED
    again = cached_pixels(pictures, iter(()), 16, tmp_path)
    assert np.array_equal(first.numpy(), again.numpy())


def test_frames_of_clips_are_pictures_with_the_clips_words(tmp_path: Path) -> None:
    clip = tmp_path / "v0.mp4"
    make_video(clip, [Scene(RED, 2, "still"), Scene(BLUE, 2, "still")])
    folder = tmp_path / "video"
    folder.mkdir()
    with tarfile.open(folder / "clips.tar", "w") as shard:
        shard.add(clip, "v0.mp4")
    line = {
        "shard": "clips.tar",
        "file": "v0.mp4",
        "split": "train",
        "captions": ["two cards"],
        "seconds": 4,
        "fps": 10,
    }
    with gzip.open(folder / "captions-video.jsonl.gz", "wt") as lines:
        lines.write(json.dumps(line))
    frames = read_frames(folder)
    assert len(frames) >= 4
    assert {frame.captions for frame in frames} == {("two cards",)}
    pixels = list(read_frame_pixels(folder, frames))
    assert len(pixels) == len(frames)
    assert pixels[0][8, 8, 0] > 200
    assert pixels[-1][8, 8, 0] < 60
    assert read_frames(tmp_path) == []


def test_a_bank_is_written_where_there_are_pictures_enough(training: Path, tmp_path: Path) -> None:
    runner = BundleRunner(bundled_model(), PocketConfig())
    assert write_bank(runner, training, tmp_path) is None
    assert not (tmp_path / "picture_bank.npz").exists()
    names = [f"{number:03d}.png" for number in range(30)]
    many = [record(name, captions=["A dog ."]) for name in names[:15]]
    many += [record(name, label="cat") for name in names[15:]]
    bank = write_bank(runner, write_training(tmp_path / "many", many), tmp_path)
    assert bank is not None
    assert np.array_equal(bank, np.load(tmp_path / "picture_bank.npz")["pictures"])
    assert np.allclose(np.linalg.norm(bank, axis=1), 1, atol=1e-3)
    embedded = runner.embed_pictures([np.full((32, 32, 3), RED, np.uint8)])[0]
    assert bank.shape == (30, len(embedded))
    assert (bank @ embedded / np.linalg.norm(embedded)).min() > 0.95
