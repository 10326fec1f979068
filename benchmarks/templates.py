"""Whether the mean of a few phrasings of a query finds better than the query as it was typed.

    python -m benchmarks.templates FOLDER [--model BUNDLE] [--pictures N] [--queries N]

FOLDER holds `captions.jsonl.gz` and tar files with the pictures; Flickr8k's parts are in `f8k_split`.
What wins on the dev part is reported on the test part, for long queries (captions, one picture is right: mean
reciprocal rank) and short ones (up to three words, right are pictures that two of five captions name by them:
mean average precision), each with a 95 % interval of the difference, resampled over queries.
"""

import argparse
import gzip
import json
import re
import tarfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder, TextEncoder

PHRASINGS: dict[str, tuple[str, ...]] = {
    "as typed": ("{}",),
    "a photo of": ("a photo of {}",),
    "a video of": ("a video of {}",),
    "typed + photo": ("{}", "a photo of {}"),
    "typed + photo + video": ("{}", "a photo of {}", "a video of {}"),
    "five": ("{}", "a photo of {}", "a video of {}", "a scene with {}", "{} can be seen"),
    "five with article": ("{}", "a photo of a {}", "a video of a {}", "a scene with a {}", "there is a {}"),
}
"""By name, what is encoded for a query; the vector is the normalised mean of the normalised vectors."""

SHORT_PICTURES = (3, 100)
"""Pictures that a short query has to be right for, at least and at most."""
_COMMON = {
    *(
        "a",
        "an",
        "the",
        "in",
        "on",
        "of",
        "with",
        "and",
        "at",
        "to",
        "is",
        "are",
        "his",
        "her",
        "its",
        "their",
    ),
    *("their", "by", "for", "from", "up", "as", "it", "that"),
}
_SEED = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Pictures and queries of one part; N pictures, Q queries."""

    pictures: NDArray[np.float32]
    """(N, D) L2-normalised."""
    long: list[tuple[str, frozenset[int]]]
    short: list[tuple[str, frozenset[int]]]
    """Each with the pictures that are right."""


def load(folder: Path, part: str, encoder: FrameEncoder, most: int) -> Part:
    """Read one part: `dev` or `test`."""
    with gzip.open(folder / "captions.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    records = [record for record in records if record.get("f8k_split") == part][:most]
    shards: dict[str, set[str]] = defaultdict(set)
    for record in records:
        shards[record["shard"]].add(record["name"])
    vectors: dict[tuple[str, str], NDArray[np.float32]] = {}
    for shard, names in shards.items():
        with tarfile.open(folder / shard) as tar:
            for member in tar:
                if member.name in names and (file := tar.extractfile(member)) is not None:
                    picture = cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_COLOR)
                    assert picture is not None
                    frame = np.asarray(picture[:, :, ::-1], np.uint8)
                    vectors[shard, member.name] = encoder.encode(np.ascontiguousarray(frame[None]))[0]
    matrix = np.stack([vectors[record["shard"], record["name"]] for record in records])
    long = [
        (text, frozenset({number})) for number, record in enumerate(records) for text in record["captions"]
    ]
    return Part(_normalised(matrix), long, short_queries([record["captions"] for record in records]))


def short_queries(captions: Sequence[Sequence[str]]) -> list[tuple[str, frozenset[int]]]:
    """Runs of one to three words, and the pictures that at least two captions name by them."""
    named: dict[str, set[int]] = defaultdict(set)
    for number, texts in enumerate(captions):
        counts: dict[str, int] = defaultdict(int)
        for text in texts:
            words = re.findall(r"[a-z']+", text.lower())
            runs = {
                " ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)
            }
            for run in runs:
                ends = {run.split()[0], run.split()[-1]}
                if not ends & _COMMON:
                    counts[run] += 1
        for run, count in counts.items():
            if count >= 2:
                named[run].add(number)
    least, most = SHORT_PICTURES
    return [(run, frozenset(found)) for run, found in sorted(named.items()) if least <= len(found) <= most]


def phrased(texts: Sequence[str], encoder: TextEncoder) -> dict[str, NDArray[np.float32]]:
    """(Q, D) L2-normalised vectors of queries by the name of their phrasings."""
    forms = dict.fromkeys(form for phrasings in PHRASINGS.values() for form in phrasings)
    vectors = {form: _normalised(encoder.encode([form.format(text) for text in texts])) for form in forms}
    return {
        name: _normalised(np.mean([vectors[form] for form in phrasings], axis=0))
        for name, phrasings in PHRASINGS.items()
    }


def precision(
    queries: Sequence[tuple[str, frozenset[int]]], vectors: NDArray[np.float32], pictures: NDArray[np.float32]
) -> NDArray[np.float64]:
    """(Q,) average precision; with one right picture that is the reciprocal rank."""
    found = []
    for (_, right), vector in zip(queries, vectors, strict=True):
        order = np.argsort(-(pictures @ vector), kind="stable")
        places = np.flatnonzero(np.isin(order, list(right)))
        found.append(float(np.mean(np.arange(1, len(places) + 1) / (places + 1))))
    return np.array(found)


def interval(differences: NDArray[np.float64]) -> tuple[float, float]:
    """95 % of the mean, resampled."""
    chance = np.random.default_rng(_SEED)
    picks = chance.integers(0, len(differences), (1000, len(differences)))
    low, high = np.quantile(differences[picks].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _normalised(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(
        np.float32
    )
    return scaled


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=bundled_model())
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=2000, help="of each kind and part at most")
    asked = parser.parse_args()
    bundle = load_bundle(asked.model)
    frames, words = FrameEncoder(bundle), TextEncoder(bundle)
    print(bundle.title, bundle.identity)
    parts = {name: load(asked.folder, name, frames, asked.pictures) for name in ("dev", "test")}
    for kind in ("long", "short"):
        print(f"\n{kind} queries")
        for name, part in parts.items():
            queries = getattr(part, kind)
            if len(queries) > asked.queries:
                picks = np.random.default_rng(_SEED).choice(len(queries), asked.queries, replace=False)
                queries = [queries[number] for number in sorted(picks)]
            scores = {}
            for form, vectors in phrased([text for text, _ in queries], words).items():
                scores[form] = precision(queries, vectors, part.pictures)
                change = scores[form] - scores["as typed"]
                low, high = interval(change)
                print(
                    f"  {name:4} {form:22} {scores[form].mean():.4f}  {change.mean():+.4f} "
                    f"({low:+.4f} to {high:+.4f})  {len(queries)} queries"
                )


if __name__ == "__main__":
    main()
