"""QVHighlights with the whole program, for those who have its videos: each query asked of its own video.

    python -m benchmarks.moments.qvhighlights --videos FOLDER --truth FILE --found FILE [--library FOLDER]

The videos are named as in the annotations (`NUsG9BgSes0_210.0_360.0.mp4`). What is found is written as the
published evaluation reads it, and measured (`models.evaluate.moments`).
"""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from app.query.printer import quoted
from app.session import Session
from models.evaluate.moments import MomentQuery, moment_figures, read_found, read_truth, table

MOMENTS = 10


def find(session: Session, queries: Sequence[MomentQuery]) -> list[dict[str, object]]:
    """What the program finds for each query whose video is in the library, in the published form."""
    names = {video.path.stem for video in session.catalogue.videos()}
    found: list[dict[str, object]] = []
    for query in queries:
        if query.video not in names:
            continue
        outcome = session.search(f"{quoted(query.text)} name:{quoted(query.video)}", limit=MOMENTS)
        windows = [
            [moment.start, moment.end, moment.strength]
            for moment in outcome.moments
            if moment.path.stem == query.video
        ]
        found.append(
            {
                "qid": query.number,
                "query": query.text,
                "vid": query.video,
                "pred_relevant_windows": windows,
            }
        )
    return found


@click.command()
@click.option("--videos", type=click.Path(path_type=Path), required=True, help="Folder of the videos.")
@click.option(
    "--truth", type=click.Path(path_type=Path), required=True, help="Annotated moments, JSON lines."
)
@click.option("--found", type=click.Path(path_type=Path), required=True, help="Gets what was found.")
@click.option("--library", type=click.Path(path_type=Path), required=True, help="Keeps what is indexed.")
def main(videos: Path, truth: Path, found: Path, library: Path) -> None:
    """Index, ask and measure."""
    queries = read_truth(truth)
    with Session(library) as session:
        if session.covering(videos) is None:
            session.add_folder(videos)
        session.indexer.start()
        session.indexer.wait()
        answers = find(session, queries)
    found.write_text("".join(json.dumps(answer) + "\n" for answer in answers), encoding="utf-8")
    asked = {answer["qid"] for answer in answers}
    there = [query for query in queries if query.number in asked]
    click.echo(f"{len(there)} of {len(queries)} queries have their video here.")
    if there:
        click.echo(table(moment_figures(there, read_found(found))))


if __name__ == "__main__":
    main()
