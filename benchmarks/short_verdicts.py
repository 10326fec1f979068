"""Does the verdict hold for what people type: one or two words? On held-out pictures, beside whole sentences.

What is asked for are words that three of a picture's five captions share ("dog", "a dog"), two words beside
each other that two of them share ("brown dog"), and the labels of labelled pictures. A library of N pictures
is asked with one that shows it among others, and with none: what no caption mentions, nor one of its kin, is
not there. Nothing was tuned on these questions.

    python -m benchmarks.short_verdicts [--training FOLDER] [--bundle FOLDER]
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.engines.scorer_factory import make_scorer
from app.engines.scorer_names import default_scorer
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.preprocess import fit
from app.search.candidates import Candidates
from app.search.evidence.calibration import judge
from app.search.outcome import Verdict
from app.search.scorers.cosine import EncodedText
from benchmarks.verdict import TRAINING, gallery_of
from models.metrics import roc_area
from models.pocket.pictures.data import Picture, read_pictures, read_pixels
from models.pocket.words.prompts import with_article

SIZES = (6, 20, 100, 400)
_SENTENCES = 600
_TIMES = 3
"""Libraries that each short question is put to."""
_SHARED, _TOGETHER = 3, 2
"""Captions of a picture that have a word, or two words together, where it shows that."""
_PICTURES = {"word": 8, "two words": 4}
"""Pictures that show something, for it to be asked for."""


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


_PEOPLE = frozenset(
    _words(
        """person people man men woman women boy boys girl girls child children kid kids toddler baby lady guy
        guys male female crowd group player players team biker skier climber surfer rider"""
    )
)
_SMALL = frozenset(
    _words(
        """a an the of in on at with and is are to by his her its their while as for from up down into over
        through near next two three one some other it he she they that who be being has have there out off
        around behind front another each several something group very large small side top background"""
    )
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and the rows of pictures that show it and that do not."""

    kind: str
    text: str
    right: NDArray[np.intp]
    wrong: NDArray[np.intp]


@dataclass(slots=True)
class Answers:
    """To one kind of question in libraries of one size: strengths and verdicts, with what is asked for
    (True) and without."""

    strengths: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    verdicts: dict[bool, Counter[Verdict]] = field(
        default_factory=lambda: {True: Counter(), False: Counter()}
    )

    def __str__(self) -> str:
        area = roc_area(np.array(self.strengths[True]), np.array(self.strengths[False]))
        count = len(self.strengths[True])
        there, gone = (
            ", ".join(f"{verdict.value} {said[verdict] / count:4.0%}" for verdict in Verdict)
            for said in (self.verdicts[True], self.verdicts[False])
        )
        return f"{count:5d} asked, area {area:.3f}; there: {there}; not there: {gone}"


def questions(pictures: Sequence[Picture]) -> Iterator[Question]:
    """All that is asked of `pictures`, sentences first."""
    captioned = np.array([row for row, picture in enumerate(pictures) if picture.captions])
    labelled = [row for row, picture in enumerate(pictures) if picture.label]
    said = [[_words(caption) for caption in pictures[row].captions] for row in captioned]
    sentences = [(row, caption) for row in captioned for caption in pictures[row].captions]
    for number in np.random.default_rng(0).choice(len(sentences), _SENTENCES, replace=False):
        row, caption = sentences[number]
        yield Question("sentence", caption, np.array([row]), captioned[captioned != row])
    single = [Counter(word for words in captions for word in set(words) - _SMALL) for captions in said]
    for word in _common(single, _SHARED, _PICTURES["word"]):
        if word.endswith("ing"):
            continue
        kin = _PEOPLE | {word} if word in _PEOPLE else {word, f"{word}s", word.removesuffix("s"), f"{word}es"}
        right = captioned[[counts[word] >= _SHARED for counts in single]]
        wrong = captioned[[not kin & counts.keys() for counts in single]]
        yield Question("word", word, right, wrong)
        yield Question("with article", with_article(word), right, wrong)
    pairs = [Counter(pair for words in captions for pair in _pairs(words)) for captions in said]
    for pair in _common(pairs, _TOGETHER, _PICTURES["two words"]):
        right = captioned[[counts[pair] >= _TOGETHER for counts in pairs]]
        wrong = captioned[[not set(pair.split()) & counts.keys() for counts in single]]
        yield Question("two words", pair, right, wrong)
    labels = np.array([pictures[row].label for row in labelled])
    for label in np.unique(labels):
        rows = np.array(labelled)
        yield Question("label", str(label), rows[labels == label], rows[labels != label])


def measure(training: Path, bundle_folder: Path) -> dict[tuple[int, str], Answers]:
    """Put all questions to libraries of every size of `SIZES`, by size and kind of question."""
    bundle = load_bundle(bundle_folder)
    pictures = [picture for picture in read_pictures(training) if picture.part == "heldout"]
    squares = np.stack([fit(pixels, bundle.image) for pixels in read_pixels(training, pictures)])
    frames = FrameEncoder(bundle).encode(squares)
    scorer = make_scorer(default_scorer(has_head=bundle.has_head), bundle)
    asked = list(questions(pictures))
    texts = TextEncoder(bundle).encode([question.text for question in asked])
    found: dict[tuple[int, str], Answers] = {}
    for size in SIZES:
        rng, all_of = np.random.default_rng(size), np.arange(size)
        for question, raw in zip(asked, texts, strict=True):
            if len(question.wrong) < size:
                continue
            answers = found.setdefault((size, question.kind), Answers())
            text = EncodedText.of(raw)
            for _ in range(1 if question.kind in ("sentence", "label") else _TIMES):
                others = rng.choice(question.wrong, size, replace=False)
                for present in (True, False):
                    rows = np.append(others[1:], rng.choice(question.right)) if present else others
                    gallery = gallery_of(frames[rows])
                    candidates = Candidates.of(all_of, gallery, gallery.vectors @ text.unit)
                    judged = judge(scorer, text, candidates, gallery, bundle.calibration)
                    best = float(judged.judged.max())
                    answers.strengths[present].append(judged.level.strength(best))
                    answers.verdicts[present][judged.level.verdict(best)] += 1
    return found


def _pairs(words: Sequence[str]) -> set[str]:
    beside = pairwise(words)
    return {f"{one} {other}" for one, other in beside if not _SMALL & {one, other}}


def _common(counts: Sequence[Counter[str]], captions: int, pictures: int) -> list[str]:
    """What so many captions share, of so many pictures; the commonest first."""
    shown = Counter(text for each in counts for text, count in each.items() if count >= captions)
    return [text for text, count in shown.most_common() if count >= pictures]


@click.command()
@click.option("--training", type=click.Path(path_type=Path), default=TRAINING, help="Labelled pictures.")
@click.option("--bundle", type=click.Path(path_type=Path), default=bundled_model(), help="The model.")
def main(training: Path, bundle: Path) -> None:
    """Measure what the verdict is worth for short questions."""
    for (size, kind), answers in measure(training, bundle).items():
        print(f"{size:4d} pictures, {kind:12s} {answers}")


if __name__ == "__main__":
    main()
