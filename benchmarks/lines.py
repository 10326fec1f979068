"""How long it takes to find words among very many lines, in a library made by the program's own paths.

The lines are made of words that are as frequent as those of a language: of Zipf's law, around some hundred
that are real ones. Each kind of query is asked many times; medians and 95th percentiles in milliseconds of
processor time, all of which one thread spends.

    python -m benchmarks.lines [--lines 1000000] [--folder FOLDER] [--json]
"""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import click
import numpy as np

from app.catalogue.catalogue import Catalogue
from app.lines.asked import LITTLE, asked_words
from app.lines.line import Line, Source
from benchmarks.scale.synthetic_library import indexed_video, write_video

PER_VIDEO = 1000
VOCABULARY = 60_000
_SEED = 2026
_SYLLABLES = ("ba", "co", "du", "fe", "gi", "ho", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "ta", "vo")
_MODEL, _WIDTH = "lines-1", 8
_ASKED = 60
"""Queries of each kind."""


def vocabulary(rng: np.random.Generator) -> list[str]:
    """Words, the most frequent first: little ones, then made ones of two to five syllables."""
    words = dict.fromkeys(sorted(LITTLE))
    while len(words) < VOCABULARY:
        words["".join(rng.choice(_SYLLABLES, size=rng.integers(2, 6)))] = None
    return list(words)


def fill(catalogue: Catalogue, videos: Path, lines: int) -> None:
    """Make what is missing of the library."""
    videos.mkdir(parents=True, exist_ok=True)
    for number in range(lines // PER_VIDEO):
        path = videos / f"clip{number:05d}.mp4"
        if not path.exists():
            write_video(path, number)
    folder = catalogue.add_folder(videos) if not catalogue.folders() else catalogue.folders()[0]
    catalogue.scan_folder(folder.id, settle=0)
    rng = np.random.default_rng(_SEED)
    words = np.array(vocabulary(rng))
    shares = 1 / np.arange(1, len(words) + 1)
    shares /= shares.sum()
    for video in catalogue.pending(_MODEL):
        vectors = rng.standard_normal((3, _WIDTH)).astype(np.float32)
        rows = indexed_video(video.path, vectors, np.zeros(3, np.int64), _MODEL)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"2:{video.id}")
    for video in catalogue.without_lines(Source.SPEECH, "made 1"):
        lengths = rng.integers(3, 13, size=PER_VIDEO)
        said = words[rng.choice(len(words), size=int(lengths.sum()), p=shares)]
        texts = np.split(said, np.cumsum(lengths)[:-1])
        made = [Line(3.0 * place, 3.0 * place + 2, " ".join(text)) for place, text in enumerate(texts)]
        catalogue.commit_lines(video, Source.SPEECH, "made 1", made)


def queries(catalogue: Catalogue) -> dict[str, list[str]]:
    """By kind; of lines that are there, and of words by how frequent they are."""
    rng = np.random.default_rng(_SEED)
    words = vocabulary(np.random.default_rng(_SEED))
    videos = catalogue.videos()
    chosen = [
        catalogue.lines(int(number), Source.SPEECH)
        for number in rng.choice([video.id for video in videos], size=_ASKED)
    ]
    texts = [lines[int(rng.integers(len(lines)))].text for lines in chosen]
    rare = [words[int(place)] for place in rng.integers(20_000, VOCABULARY, size=_ASKED)]
    common = [words[int(place)] for place in rng.integers(150, 300, size=2 * _ASKED)]
    return {
        "a whole line": texts,
        "one rare word": rare,
        "one common word": common[:_ASKED],
        "two common words": [" ".join(pair) for pair in zip(common[::2], common[1::2], strict=True)],
        "five common words": [" ".join(rng.choice(common, size=5)) for _ in range(_ASKED)],
        "little words only": ["to be or not to be", "that is what it was"] * (_ASKED // 2),
        "a beginning": [f"{word[:3]}*" for word in rare],
        "a misspelt word": [word[0] + word[2] + word[1] + word[3:] for word in rare],
        "words that are nowhere": [f"{word}x zzyzx" for word in rare],
    }


def measured(catalogue: Catalogue, texts: Sequence[str]) -> dict[str, float]:
    """Median and 95th percentile of finding lines for each text, in milliseconds of processor time."""
    ask: Callable[[str], object] = lambda text: catalogue.find_lines(  # noqa: E731
        asked_words(text) or asked_words(text, little=True), tolerant=True
    )
    ask(texts[0])
    taken = []
    for text in texts:
        started = time.thread_time()
        ask(text)
        taken.append(1e3 * (time.thread_time() - started))
    return {"median": float(np.median(taken)), "p95": float(np.percentile(taken, 95))}


@click.command()
@click.option("--lines", default=1_000_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the library is kept for another time.")
@click.option("--json", "as_json", is_flag=True)
def main(lines: int, folder: Path | None, as_json: bool) -> None:
    """Make the library where it is not there yet, and ask."""
    with ExitStack() as stack:
        work = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reelfind-lines-")))
        catalogue = stack.enter_context(Catalogue(work / "library"))
        fill(catalogue, work / "videos", lines)
        figures = {kind: measured(catalogue, texts) for kind, texts in queries(catalogue).items()}
        size = (work / "library" / "library.db").stat().st_size
    if as_json:
        click.echo(json.dumps({"lines": lines, "bytes": size, "milliseconds": figures}, indent=2))
        return
    click.echo(f"{lines:,} lines, {size / 1e6:,.0f} MB")
    for kind, figure in figures.items():
        click.echo(f"{kind:24} median {figure['median']:6.1f} ms   95 % {figure['p95']:6.1f} ms")


if __name__ == "__main__":
    main()
