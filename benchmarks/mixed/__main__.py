"""Does the mix find what each source finds alone? Queries of four kinds over one library.

Makes a library of captioned clips under made names, with made lines and signs (`material.py`), and asks every
query of pictures alone, of lines, signs and names alone, and of all together. The figure is the reciprocal
rank of the right video; of lines and signs the moment has to be right too, within five seconds. Every second
query is of the half that constants are chosen on; the other half is reported.

    python -m benchmarks.mixed --work FOLDER [--half choice] [--json]
"""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.lines.asked import asked_words
from app.lines.line import Source
from app.search.words.hits import find_hits
from app.session import Session
from benchmarks.mixed.material import Kind, MixedQuery, make
from benchmarks.moments.captioned_clips import given_clips, held_out_clips
from benchmarks.retrieval import CLIPS

MORE = CLIPS.parent / "training-more" / "video"
_LIMIT = 60
_NEAR = 5.0
_DRAWS = 5000

Answer = Callable[[str], Sequence[tuple[str, float]]]
"""A query's moments, best first: the video's stem, and the seconds from which it plays."""

ALONE = {
    "lines": (Source.SPEECH, Source.SUBTITLE),
    "signs": (Source.WRITING,),
    "names": (Source.NAME,),
}


def prepare(work: Path) -> tuple[list[MixedQuery], Path, Path]:
    """The queries, the library with all its lines, and a copy of it without any."""
    videos, queries = make(given_clips(CLIPS) + held_out_clips(MORE, work / "clips"))
    library, bare = work / "library", work / "without-lines"
    folder = work / "videos"
    by_stem = {video.stem: video for video in videos}
    for video in videos:
        video.link(folder)
    with Session(library) as session:
        if not session.folders():
            session.add_folder(folder)
        session.indexer.start()
        session.indexer.wait()
        for found in session.catalogue.videos():
            for source, lines in by_stem[found.path.stem].lines.items():
                session.catalogue.commit_lines(found, source, "made 1", lines)
    shutil.rmtree(bare, ignore_errors=True)
    shutil.copytree(library, bare)
    with Catalogue(bare) as catalogue:
        for source in Source:
            catalogue.forget_lines(source)
    return queries, library, bare


def reciprocal_ranks(queries: Sequence[MixedQuery], answer: Answer) -> NDArray[np.float64]:
    """(Q,) one over the place of the first right moment among videos; 0 where there is none."""
    found = []
    for query in queries:
        videos: list[str] = []
        right = 0.0
        for stem, at in answer(query.text):
            if stem not in videos:
                videos.append(stem)
            if stem == query.file and (query.at is None or abs(at - query.at) <= _NEAR):
                right = 1 / (videos.index(stem) + 1)
                break
        found.append(right)
    return np.array(found)


def of_session(session: Session) -> Answer:
    """Moments as a search gives them."""
    return lambda text: [
        (moment.path.stem, moment.best) for moment in session.search(text, limit=_LIMIT).moments
    ]


def of_source(session: Session, sources: Sequence[Source]) -> Answer:
    """Moments as the lines of some sources alone give them."""
    stems = {video.id: video.path.stem for video in session.catalogue.videos()}

    def answer(text: str) -> list[tuple[str, float]]:
        hits = find_hits(text, asked_words(text), sources, session.catalogue, None, tolerant=True)
        return [(stems[hit.content], hit.best) for hit in hits]

    return answer


def interval(differences: NDArray[np.float64]) -> tuple[float, float]:
    """95 % of the mean of paired differences, by bootstrap."""
    rng = np.random.default_rng(0)
    means = rng.choice(differences, size=(_DRAWS, len(differences))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


@click.command()
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Gets clips and libraries.")
@click.option("--half", type=click.Choice(["choice", "report"]), default="report", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(work: Path, half: str, as_json: bool) -> None:
    """Make the libraries where they are not there yet, ask, and print a table in percent."""
    queries, library, bare = prepare(work)
    of_kind = {kind: [query for query in queries if query.kind is kind] for kind in Kind}
    chosen = {kind: some[half == "report" :: 2] for kind, some in of_kind.items()}
    asked = [query for some in chosen.values() for query in some]
    with Session(library) as session, Session(bare) as pictures:
        ranks = {"pictures": reciprocal_ranks(asked, of_session(pictures))}
        for name, sources in ALONE.items():
            ranks[name] = reciprocal_ranks(asked, of_source(session, sources))
        ranks["mix"] = reciprocal_ranks(asked, of_session(session))
    kinds = np.array([query.kind.value for query in asked])
    if as_json:
        rows = {
            name: {kind.value: float(values[kinds == kind.value].mean()) for kind in Kind}
            | {"all": float(values.mean())}
            for name, values in ranks.items()
        }
        click.echo(
            json.dumps({"queries": {k.value: len(v) for k, v in chosen.items()}, "mrr": rows}, indent=2)
        )
        return
    click.echo(
        f"{len(asked)} queries of the half “{half}”, {len(queries)} in all; mean reciprocal rank, recall at 1"
    )
    for name, values in ranks.items():
        cells = []
        for kind in Kind:
            mine = values[kinds == kind.value]
            cells.append(f"{kind.value} {100 * mine.mean():5.1f} ({100 * (mine == 1).mean():5.1f})")
        click.echo(f"{name:10} {'   '.join(cells)}   all {100 * values.mean():5.1f}")
    for kind in Kind:
        mine = kinds == kind.value
        low, high = interval(ranks["mix"][mine] - ranks[kind.value][mine])
        click.echo(f"mix - {kind.value:9} on {kind.value:9} {100 * low:+5.1f} … {100 * high:+5.1f}")


if __name__ == "__main__":
    main()
