"""The sentences the text tower learns language from: captions, labels, and every word the teacher knows."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.pocket.config import CorpusConfig
from models.pocket.pictures.data import Picture
from models.pocket.words.prompts import fill, picture_texts

# Test files of published benchmarks stay unread, so that figures on them stay honest.
SENTENCE_FILES = (
    "multi30k_train.en.gz",
    "multi30k_val.en.gz",
    *(f"multi30k_task2_train.{number}.en.gz" for number in range(1, 6)),
)
WORD_TEMPLATES = (
    "a photo of {a}", "a video of {}", "{} in the street", "a person with {a}", "people and {}",
    "a close-up of {}", "{} outdoors", "someone is looking at {a}", "a scene of {}", "the {} is moving",
    "a man near {a}", "this is about {}",
    "a woman and {a}", "two children with {a}", "the word {}", "a big {}",
    "an old {}", "many {}s",
)  # fmt: skip
PAIR_TEMPLATES = ("{} and {}", "{} {}", "a {} with a {}", "a {} near a {}", "{} in a {}", "the {} of the {}")
NOT_WORDS = re.compile(r"[^a-z0-9]+")


def normalised(sentence: str) -> str:
    """Lower case, words and digits only: equal for two writings of one sentence."""
    return NOT_WORDS.sub(" ", sentence.lower()).strip()


def build_corpus(
    pictures: list[Picture],
    annotations: Path,
    imagenet_labels: Path,
    vocabulary: Iterable[str],
    config: CorpusConfig,
) -> list[str]:
    """Unique sentences, in a reproducible order. No sentence of a held-out picture is among them."""
    draw = random.Random(config.seed)
    held_out = {
        normalised(text) for picture in pictures if picture.part == "heldout" for text in picture.captions
    }
    captions = [text for picture in pictures if picture.part != "heldout" for text in picture_texts(picture)]
    written = list(annotation_sentences(annotations))
    prose = [text for text in captions + written if normalised(text) not in held_out]
    made = [
        *fragments(prose, config, draw),
        *imagenet_sentences(imagenet_labels),
        *word_sentences(vocabulary, config, draw),
    ]
    return list(
        dict.fromkeys(text for text in prose + made if normalised(text) and normalised(text) not in held_out)
    )


def annotation_sentences(folder: Path) -> Iterator[str]:
    """The published captions that are there: Multi30k, Flickr8k, COCO, DiDeMo val, QVHighlights val."""
    for name in SENTENCE_FILES:
        if (folder / name).exists():
            with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
                yield from (line.strip() for line in lines)
    yield from _column(folder / "flickr8k_captions.txt", "caption")
    yield from _column(folder / "didemo_val_label.csv", "text")
    coco = folder / "cocomini_captions_train2017.json"
    if coco.exists():
        yield from (entry["caption"].strip() for entry in json.loads(coco.read_text("utf-8"))["annotations"])
    moments = folder / "qvhighlights_highlight_val_release.jsonl"
    if moments.exists():
        yield from (json.loads(line)["query"] for line in moments.read_text("utf-8").splitlines() if line)


def _column(path: Path, column: str) -> Iterator[str]:
    """One column of a CSV file; nothing when the file or the column is absent."""
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            yield from (row[column].strip() for row in csv.DictReader(lines) if row.get(column))


def fragments(sentences: list[str], config: CorpusConfig, draw: random.Random) -> Iterator[str]:
    """Short runs of words out of longer sentences: the way people type a search."""
    for _ in range(config.caption_fragments if sentences else 0):
        words = draw.choice(sentences).rstrip(" .").split()
        length = draw.randint(config.shortest_fragment, config.longest_fragment)
        start = draw.randint(0, max(0, len(words) - length))
        yield " ".join(words[start : start + length])


def imagenet_sentences(labels: Path) -> Iterator[str]:
    """ImageNet's class names and their synonyms, bare and in two templates."""
    for line in labels.read_text("utf-8").splitlines() if labels.exists() else ():
        for name in line.split(","):
            yield from (
                fill(template, name.strip()) for template in ("{}", "a photo of {a}", "a video of {}")
            )


def word_sentences(vocabulary: Iterable[str], config: CorpusConfig, draw: random.Random) -> Iterator[str]:
    """Every whole word of `vocabulary` alone and in a few templates, and random pairs of words."""
    words = sorted(word for word in vocabulary if _is_word(word, config.shortest_word))
    for word in words:
        yield word
        yield from (
            fill(template, word) for template in draw.sample(WORD_TEMPLATES, config.templates_per_word)
        )
    for _ in range(config.word_pairs if words else 0):
        first, second = draw.choice(words), draw.choice(words)
        template = draw.choice(PAIR_TEMPLATES)
        yield template.replace("{}", first, 1).replace("{}", second, 1)


def _is_word(token: str, shortest: int) -> bool:
    return len(token) >= shortest and token.isascii() and token.isalpha()
