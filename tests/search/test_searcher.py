"""A query over a library on disk: times, order, limits, where to look, and large libraries."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.sampling_head import load_head
from app.engines.scorer_names import default_scorer, usable_scorers
from app.errors import ModelError, UsageError
from app.media.fingerprints import fingerprint
from app.query.parser import read
from app.search.candidates import Candidates
from app.search.scorers.cosine import EncodedText
from app.search.scorers.tmass import TMassScorer
from app.search.searcher import Searcher
from app.session import Session
from app.vectors.vector_index import VectorIndex
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle, write_manifest
from tests.catalogue.making import make_file, rescan, rows_for
from tests.search.heads import random_head, write_head

Vectors = NDArray[np.float32]
RED, BLUE = colour_embedding(COLOURS["red"]), colour_embedding(COLOURS["blue"])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        yield session


def fill(session: Session, folder: Path, videos: Mapping[str, Vectors], *, clip_frames: int = 2) -> None:
    """Index a folder of videos with these embeddings, a frame per second."""
    for name in videos:
        make_file(folder / name, f"{folder.name}/{name}")
    session.add_folder(folder)
    rescan(session.catalogue, folder)
    for video in session.catalogue.pending(session.bundle.identity):
        rows = rows_for(
            video,
            len(videos[str(video.path.relative_to(folder))]),
            model=session.bundle.identity,
            width=WIDTH,
            vectors=videos[str(video.path.relative_to(folder))],
            clip_frames=clip_frames,
        )
        session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))


def test_moments_begin_and_end_where_their_clips_do(session: Session, tmp_path: Path) -> None:
    """Two videos lie side by side in the index; neither's moments run into the other."""
    fill(
        session,
        tmp_path / "videos",
        {
            "a.mp4": np.stack([BLUE, BLUE, RED, RED, BLUE, BLUE, RED, RED]),
            "b.mp4": np.stack([RED, RED, BLUE, BLUE]),
            "one frame.mp4": RED[np.newaxis],
        },
    )
    found = session.search("red").moments
    red = [(moment.path.name, moment.start, moment.end) for moment in found if moment.score > 0.99]
    assert red == [
        ("a.mp4", 2.0, 4.0),
        ("a.mp4", 6.0, 8.0),
        ("b.mp4", 0.0, 2.0),
        ("one frame.mp4", 0.0, 1.0),
    ]
    assert all(moment.start <= moment.best <= moment.end for moment in found)


def test_equal_scores_have_one_order_and_a_limit_cuts_its_end(session: Session, tmp_path: Path) -> None:
    fill(session, tmp_path / "videos", {f"{number}.mp4": np.stack([RED, BLUE] * 6) for number in range(4)})
    everything = session.search("red", limit=10_000).moments
    assert [moment.rank for moment in everything] == list(range(1, len(everything) + 1))
    for limit in (1, 3, 13, len(everything), 500):
        assert session.search("red", limit=limit).moments == everything[:limit]


def test_an_offline_folder_can_be_looked_in(session: Session, tmp_path: Path) -> None:
    fill(session, tmp_path / "here", {"red.mp4": RED[np.newaxis]})
    fill(session, tmp_path / "away", {"red too.mp4": RED[np.newaxis], "deep/red.mp4": RED[np.newaxis]})
    (tmp_path / "away").rename(tmp_path / "unplugged")
    session.catalogue.check_folders()
    found = session.search("red", folder=tmp_path / "away").moments
    assert [(moment.path.name, moment.online) for moment in found] == [
        ("red too.mp4", False),
        ("red.mp4", False),
    ]
    below = session.search("red", folder=tmp_path / "away" / "deep").moments
    assert [moment.path.parent.name for moment in below] == ["deep"]


def test_a_frame_without_direction_is_last_and_breaks_nothing(session: Session, tmp_path: Path) -> None:
    nothing = np.zeros((3, WIDTH), dtype=np.float32)
    fill(session, tmp_path / "videos", {"grey.mp4": nothing, "red.mp4": np.stack([RED, RED])})
    found = session.search("red").moments
    assert found[0].path.name == "red.mp4"
    assert {moment.path.name for moment in found[1:]} == {"grey.mp4"}
    assert all(np.isfinite([moment.score, moment.strength]).all() for moment in found)


def test_the_answer_names_what_ranked_it(session: Session, tmp_path: Path) -> None:
    assert session.search("red").scorer == "pooled"
    fill(session, tmp_path / "videos", {"a.mp4": np.stack([RED, BLUE, RED, RED]), "b.mp4": BLUE[np.newaxis]})
    for name in usable_scorers(has_head=False):
        outcome = session.search("red", scorer=name)
        assert outcome.scorer == name
        assert outcome.moments[0].path.name == "a.mp4"
    with pytest.raises(UsageError, match="no trained head"):
        session.search("red", scorer="t-mass")


def test_a_scorer_that_was_not_measured_changes_the_order_not_the_verdict(
    session: Session, tmp_path: Path
) -> None:
    fill(session, tmp_path / "videos", {"a.mp4": np.stack([RED, RED]), "b.mp4": np.stack([BLUE] * 4)})
    plain, other = session.search("red"), session.search("red", scorer="gees")
    assert [moment.strength for moment in other.moments] == [moment.strength for moment in plain.moments]
    assert other.verdict is plain.verdict
    assert other.moments[0].score > 2 > plain.moments[0].score


def test_a_model_with_a_head_re_scores_unless_told_otherwise(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    write_head(random_head(WIDTH, 4), folder)
    with Session(tmp_path / "library", folder) as session:
        fill(
            session,
            tmp_path / "videos",
            {"a.mp4": np.stack([RED, RED, BLUE, BLUE]), "b.mp4": np.stack([BLUE] * 40)},
        )
        assert session.scorer_name == default_scorer(has_head=True)
        by_default = session.search("red")
        assert by_default.scorer == default_scorer(has_head=True)
        outcome = session.search("red", scorer="t-mass")
        head = load_head(session.bundle)
        assert head is not None
        text = EncodedText.of(session.text_encoder.encode_query("red"))
        gallery = session.index.gallery
        clips = Candidates.of(np.arange(22, dtype=np.intp), gallery, gallery.vectors @ text.unit)
        scores = TMassScorer(head).score(text, clips, gallery)
        assert max(moment.score for moment in outcome.moments) == pytest.approx(scores.max(), abs=1e-6)
        assert session.search("red", scorer="t-mass").moments == outcome.moments

        session.change_setting("scorer", "max")
        assert session.search("red").scorer == "max"
    with Session(tmp_path / "library", folder) as again:
        assert again.scorer_name == "max"


def test_a_library_that_chose_t_mass_works_with_a_model_without_a_head(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    write_head(random_head(WIDTH, 4), folder)
    with Session(tmp_path / "library", folder) as session:
        session.change_setting("scorer", "t-mass")
    with Session(tmp_path / "library", make_bundle(tmp_path / "plain")) as session:
        assert session.search("red").scorer == "pooled"
        with pytest.raises(UsageError, match="no trained head"):
            session.change_setting("scorer", "t-mass")
        assert session.settings.scorer == "t-mass"


def test_a_damaged_head_stops_only_what_needs_it(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    (folder / "tmass.npz").write_bytes(b"no head")
    write_manifest(folder)
    with Session(tmp_path / "library", folder) as session:
        session.warm_up()
        with pytest.raises(ModelError, match="damaged"):
            session.search("red", scorer="t-mass")
        assert session.search("red", scorer="pooled").scorer == "pooled"


def test_a_library_beyond_the_exact_limit_gives_the_same_moments(session: Session, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    fill(
        session,
        tmp_path / "videos",
        {f"{number:02d}.mp4": rng.standard_normal((60, WIDTH)).astype(np.float32) for number in range(60)},
    )
    exact = session.search("red", limit=20)
    index = VectorIndex(session.folder, session.bundle.identity, WIDTH, exact_limit=100, kept_from=1)
    index.refresh(session.catalogue)
    assert index.finish_graph()
    assert not index.wants_build
    approximate = Searcher(session.catalogue, index, session.text_encoder).search(read("red"), limit=20)
    assert approximate.moments == exact.moments
    assert approximate.verdict is exact.verdict
    index.close()


def copy_into(session: Session, source: Path, goal: Path) -> None:
    """Copy a file into a watched folder and take it for what it is, as the indexer does."""
    make_file(goal, source.read_bytes())
    folder = next(folder.path for folder in session.folders() if goal.is_relative_to(folder.path))
    rescan(session.catalogue, folder)
    (video,) = session.catalogue.pending(session.bundle.identity)
    content = fingerprint(goal)
    original = session.catalogue.original_of(video.id, content, session.bundle.identity)
    assert original is not None
    session.catalogue.commit_copy(video.id, original.id, content)


def test_one_content_is_one_answer_with_its_copies_named(session: Session, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    fill(session, first, {"red.mp4": RED[np.newaxis]})
    fill(session, second, {"deep/blue.mp4": BLUE[np.newaxis]})
    for goal in (first / "copy.mp4", second / "deep" / "copy.mp4"):
        copy_into(session, first / "red.mp4", goal)

    (moment, other) = session.search("red").moments
    assert (moment.path, other.path) == (first / "red.mp4", second / "deep" / "blue.mp4")
    assert moment.copies == (first / "copy.mp4", second / "deep" / "copy.mp4")
    assert other.copies == ()

    # In a folder, what lies there is shown, whole watched folder or a part of it.
    for folder in (second, second / "deep"):
        (moment, _) = session.search("red", folder=folder).moments
        assert moment.path == second / "deep" / "copy.mp4"
        assert moment.copies == (first / "copy.mp4", first / "red.mp4")
    (moment,) = session.search("red", folder=first).moments
    assert moment.path == first / "red.mp4"


def test_a_copy_that_can_be_played_is_shown_for_one_that_cannot(session: Session, tmp_path: Path) -> None:
    here, away = tmp_path / "here", tmp_path / "away"
    fill(session, away, {"red.mp4": RED[np.newaxis]})
    here.mkdir()
    session.add_folder(here)
    copy_into(session, away / "red.mp4", here / "copy.mp4")
    away.rename(tmp_path / "unplugged")
    session.catalogue.check_folders()
    (moment,) = session.search("red").moments
    assert (moment.path, moment.online, moment.copies) == (here / "copy.mp4", True, (away / "red.mp4",))
    (moment,) = session.search("red", folder=away).moments
    assert (moment.path, moment.online, moment.copies) == (away / "red.mp4", False, (here / "copy.mp4",))
    (tmp_path / "unplugged").rename(away)
    rescan(session.catalogue, away)
    (away / "red.mp4").unlink()
    rescan(session.catalogue, away)
    (moment,) = session.search("red").moments
    assert (moment.path, moment.copies) == (here / "copy.mp4", ())
    assert session.search("red", folder=away).moments == ()


def test_a_deleted_file_is_found_no_more_and_found_again_when_it_is_back(
    session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "videos"
    fill(session, folder, {"red.mp4": RED[np.newaxis], "blue.mp4": BLUE[np.newaxis]})
    assert len(session.search("red").moments) == 2
    kept = (folder / "red.mp4").rename(tmp_path / "red.mp4")
    rescan(session.catalogue, folder)
    assert [moment.path.name for moment in session.search("red").moments] == ["blue.mp4"]
    kept.rename(folder / "again.mp4")
    rescan(session.catalogue, folder)
    assert [moment.path.name for moment in session.search("red").moments] == ["again.mp4", "blue.mp4"]
