"""Which model answers: spaces never meet, a query keeps the one it began with, a switch comes when it may."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from app.bundle.encoder_bundle import load_bundle
from app.bundle.score_calibration import Calibration
from app.catalogue.catalogue import Catalogue
from app.engines.search_engine import SearchEngine
from app.errors import ModelError
from app.indexing.events import IndexingEvent, ModelSwitched
from app.indexing.indexer import Indexer
from app.media.fingerprints import fingerprint
from app.paths import bundled_model
from app.runtime.encoders import TextEncoder
from app.search.evidence.calibration import judge
from app.search.evidence.self_calibration import calibration_for
from app.search.scorers.hubness import bank_name, bank_texts
from app.session import Session, choose_model, stored_settings
from app.vectors.graph.graph_file import graph_file
from app.vectors.vector_index import VectorIndex
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle, write_manifest
from tests.catalogue.making import make_file, rescan, rows_for

ORDER = [2, 0, 1]
"""Where the numbers of the one space are in the other."""
SHOWN = ("red", "green", "blue")


@pytest.fixture(autouse=True)
def nothing_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs scan and see to the choice of models; the files here are no videos."""
    monkeypatch.setattr(Indexer, "_index", lambda *_: None)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "one", name="one")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A model that knows the same and says it in another order."""
    folder = make_bundle(tmp_path / "other", name="other")
    for tower in ("image.onnx", "text.onnx"):
        model = onnx.load(str(folder / tower))
        last = model.graph.node[-1]
        last.output[0] = "straight"
        model.graph.node.append(helper.make_node("Gather", ["straight", "order"], ["embedding"], axis=1))
        model.graph.initializer.append(numpy_helper.from_array(np.array(ORDER, np.int64), "order"))
        onnx.save(model, str(folder / tower))
    write_manifest(folder, name="other")
    return folder


@pytest.fixture
def session(tmp_path: Path, one: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", one) as session:
        folder = tmp_path / "videos"
        for name in SHOWN:
            make_file(folder / f"{name}.mp4", name)
        session.add_folder(folder)
        rescan(session.catalogue, folder)
        index(session.catalogue, one)
        yield session


def seen(folder: Path, name: str) -> NDArray[np.float32]:
    """What the model in `folder` makes of two frames of one colour."""
    vector = colour_embedding(COLOURS[name])
    return np.stack([vector if folder.name == "one" else vector[ORDER]] * 2)


def index(catalogue: Catalogue, model: Path, only: tuple[str, ...] = SHOWN) -> None:
    """As a run would, without files that could be decoded."""
    identity = load_bundle(model).identity
    for video in catalogue.pending(identity):
        if video.path.stem in only:
            vectors = seen(model, video.path.stem)
            rows = rows_for(video, 2, model=identity, width=WIDTH, vectors=vectors)
            catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))


def first(session: Session, text: str) -> str:
    return session.search(text).moments[0].path.stem


def state(session: Session) -> tuple[int, int, int] | None:
    pending_model = session.pending_model
    return (
        None
        if pending_model is None
        else (pending_model.ready, pending_model.total, pending_model.waiting_offline)
    )


def settle(session: Session) -> None:
    """Wait for the run that a choice began."""
    assert session.indexer.wait(60)


def test_vectors_of_two_models_are_never_compared(session: Session, one: Path, other: Path) -> None:
    """The spaces are as wide, so that only care keeps them apart: mixed they would answer, and wrongly."""
    mixed = seen(one, "green")[0] @ seen(other, "red")[0]
    assert mixed > seen(one, "red")[0] @ seen(other, "red")[0], "the test could not fail"
    index(session.catalogue, other)
    for folder in (other, one, other):
        session.use_model(folder)
        assert session.bundle.folder == folder
        assert [first(session, name) for name in SHOWN] == list(SHOWN)
        wanted = [seen(folder, video.path.stem)[0] for video in session.catalogue.videos()]
        lengths = np.linalg.norm(wanted, axis=1, keepdims=True)
        np.testing.assert_allclose(session.index.gallery.vectors[::2], wanted / lengths, atol=1e-3)
        assert session.search("red").model == load_bundle(folder).identity
    settle(session)


def test_a_model_chosen_at_the_last_moment_does_not_answer_in_place_of_the_ready_one(
    session: Session, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = make_bundle(tmp_path / "third", name="third", size=48)
    engines = session._engines
    engines.use(other, now=False)
    index(session.catalogue, other)
    ready = engines.next()
    assert ready is not None
    monkeypatch.setattr(ready, "update_hubs", lambda _: engines.use(third, now=False))
    assert engines.switch_when_ready() == ""
    assert session.bundle.name == "one"
    assert session.pending_model is not None
    assert session.pending_model.folder == third
    assert session.pending_model.ready == 0


def test_a_library_opens_though_its_model_is_gone(tmp_path: Path, one: Path) -> None:
    library = tmp_path / "library"
    with Catalogue(library) as catalogue:
        choose_model(catalogue, one, now=True)
    shutil.rmtree(one)
    with Session(library) as session:
        assert session.bundle.name == "pocket"
        assert "“one”" in session.model_problem
        assert "Pocket" in session.model_problem
        assert stored_settings(session.catalogue).model == str(one), "it may come back"
        session.use_model(bundled_model())
        assert session.model_problem == ""
        assert stored_settings(session.catalogue).model == ""
        settle(session)


def test_a_query_keeps_the_model_it_began_with(
    session: Session, one: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(session.catalogue, other)
    session.warm_up()
    begun, go_on = threading.Event(), threading.Event()
    encode = TextEncoder.encode_query
    found: list[tuple[str, str]] = []
    closed: list[str] = []

    def slow(encoder: TextEncoder, text: str) -> NDArray[np.float32]:
        if text == "blue":
            begun.set()
            assert go_on.wait(20)
        return encode(encoder, text)

    end = SearchEngine._end

    def ended(engine: SearchEngine) -> None:
        closed.append(engine.bundle.name)
        end(engine)

    monkeypatch.setattr(TextEncoder, "encode_query", slow)
    monkeypatch.setattr(SearchEngine, "_end", ended)

    def ask() -> None:
        outcome = session.search("blue")
        found.append((outcome.model, outcome.moments[0].path.stem))

    asking = threading.Thread(target=ask)
    asking.start()
    assert begun.wait(20)
    session.use_model(other)
    assert session.bundle.name == "other"
    assert first(session, "red") == "red"
    assert closed == [], "the old model is still asked"
    go_on.set()
    asking.join(20)
    assert found == [(load_bundle(one).identity, "blue")]
    assert closed == ["one"]
    settle(session)


def test_a_model_that_is_made_ready_answers_when_all_is(session: Session, one: Path, other: Path) -> None:
    heard: list[IndexingEvent] = []
    session.indexer.subscribe(heard.append)
    index(session.catalogue, other, only=("red",))
    session.indexer.pause()
    session.use_model(other)
    assert state(session) == (1, 3, 0)
    assert session.bundle.folder == one
    assert [first(session, name) for name in SHOWN] == list(SHOWN)
    session.indexer.stop()
    index(session.catalogue, other)
    assert state(session) == (3, 3, 0)
    session.indexer.start()
    settle(session)
    assert session.bundle.folder == other
    assert session.pending_model is None
    assert [event for event in heard if isinstance(event, ModelSwitched)] == [ModelSwitched("Other 1")]
    assert (session.settings.model, session.settings.next_model) == (str(other), "")


def test_switching_earlier_by_choice_and_staying(session: Session, one: Path, other: Path) -> None:
    index(session.catalogue, other, only=("red",))
    session.indexer.pause()
    session.use_model(other)
    session.cancel_switch()
    session.indexer.stop()
    assert session.pending_model is None
    assert session.bundle.folder == one
    session.indexer.pause()
    session.use_model(other)
    session.switch_now()
    session.indexer.stop()
    assert session.bundle.folder == other
    assert {moment.path.stem for moment in session.search("a picture").moments} == {"red"}
    session.use_model(one)
    assert session.bundle.folder == one, "nothing lacks the old model"
    assert first(session, "green") == "green"
    session.indexer.stop()


def test_the_gallery_is_kept_while_the_window_is_open_and_at_the_end(session: Session, one: Path) -> None:
    bundle = load_bundle(one)
    engine = SearchEngine(session.catalogue, session.folder, bundle)
    engine.__dict__["_index"] = VectorIndex(session.folder, bundle.identity, WIDTH, kept_from=1)
    engine.refresh(build=True)
    assert engine._builder is not None
    engine._builder.join()
    assert len(list(session.folder.glob("vectors-*.gallery"))) == 1
    session.catalogue.forget_model(bundle.identity)
    assert list(session.folder.glob("vectors-*")) == []

    index(session.catalogue, one)
    engine = SearchEngine(session.catalogue, session.folder, bundle)
    engine.__dict__["_index"] = VectorIndex(session.folder, bundle.identity, WIDTH, kept_from=1)
    engine.refresh()
    engine.close()
    assert len(list(session.folder.glob("vectors-*.gallery"))) == 1


def test_what_was_made_with_a_model_can_be_forgotten(session: Session, one: Path, other: Path) -> None:
    index(session.catalogue, other)
    identity = load_bundle(other).identity
    session.catalogue.keep_bank(identity, "bank", np.zeros((2, WIDTH), np.float32))
    hnsw = pytest.importorskip("app.vectors.graph.hnsw", reason="the extra hnsw is not installed")
    graph = hnsw.HnswGraph(WIDTH, "0123abcd", capacity=1)
    graph.save(graph_file(session.folder, identity), identity)
    frames = session.catalogue.frames(1)
    session.catalogue.forget_model(identity)
    assert session.catalogue.frame_count(identity) == 0
    assert session.catalogue.bank(identity, "bank") is None
    assert not graph_file(session.folder, identity).exists()
    assert session.catalogue.frames(1) == frames
    assert first(session, "green") == "green"
    assert choose_model(session.catalogue, other) is not None


def test_who_holds_a_switch_up(session: Session, tmp_path: Path, other: Path) -> None:
    """Not what failed, and not a file that is gone; but one on a disk that is away."""
    away = tmp_path / "away"
    make_file(away / "red.mp4", "on another disk")
    session.add_folder(away)
    rescan(session.catalogue, away)
    index(session.catalogue, session.bundle.folder)
    session.indexer.pause()
    session.use_model(other)
    session.indexer.stop()
    index(session.catalogue, other, only=("green",))
    assert state(session) == (1, 4, 0)
    (tmp_path / "videos" / "red.mp4").unlink()
    rescan(session.catalogue, tmp_path / "videos")
    assert state(session) == (1, 3, 0)
    blue = next(video for video in session.catalogue.videos() if video.path.stem == "blue")
    session.catalogue.commit_failed(blue.id, "It is broken.", "")
    assert state(session) == (1, 2, 0)
    away.rename(tmp_path / "unplugged")
    session.indexer.start()
    settle(session)
    assert state(session) == (1, 2, 1)
    assert session.bundle.folder != other
    assert "red" in {moment.path.stem for moment in session.search("red").moments}
    session.switch_now()
    assert session.bundle.folder == other
    settle(session)


def test_a_choice_of_another_process_is_followed_at_a_run(tmp_path: Path, one: Path, other: Path) -> None:
    with Session(tmp_path / "library") as window, Catalogue(tmp_path / "library") as elsewhere:
        heard: list[IndexingEvent] = []
        window.indexer.subscribe(heard.append)
        assert choose_model(elsewhere, one) is None, "an empty library is ready for any model"
        assert window.bundle.folder != one
        window.indexer.start()
        settle(window)
        assert window.bundle.folder == one
        assert ModelSwitched("One 1") in heard
        videos = tmp_path / "videos"
        make_file(videos / "red.mp4", "red")
        window.add_folder(videos)
        rescan(elsewhere, videos)
        index(elsewhere, one)
        pending_model = choose_model(elsewhere, other)
        assert pending_model is not None
        assert (pending_model.title, pending_model.folder, pending_model.ready, pending_model.total) == (
            "Other 1",
            other,
            0,
            1,
        )
        index(elsewhere, other)
        window.indexer.start()
        settle(window)
        assert window.bundle.folder == other
        assert stored_settings(elsewhere).next_model == ""


def test_a_model_that_cannot_be_used_changes_nothing(session: Session, one: Path, other: Path) -> None:
    (other / "text.onnx").write_bytes(b"damaged")
    for now in (True, False):
        with pytest.raises(ModelError):
            session.use_model(other, now=now)
        with pytest.raises(ModelError):
            choose_model(session.catalogue, other, now=now)
    assert session.bundle.folder == one
    assert session.settings.next_model == ""
    assert first(session, "red") == "red"


def test_a_coming_model_that_is_lost_is_none(session: Session, one: Path, other: Path) -> None:
    session.indexer.pause()
    session.use_model(other)
    session.indexer.stop()
    with Session(session.folder, one) as later:
        (other / "text.onnx").unlink()
        assert later.pending_model is None
        with pytest.raises(ModelError):
            later.switch_now()
        assert first(later, "red") == "red"


def test_a_model_that_was_removed_gives_way_to_any_other(tmp_path: Path, one: Path, other: Path) -> None:
    with Catalogue(tmp_path / "library") as catalogue:
        assert choose_model(catalogue, one) is None
        (one / "manifest.json").unlink()
        assert choose_model(catalogue, other) is None
        assert stored_settings(catalogue).model == str(other)


def test_a_model_that_nobody_measured_learns_what_scores_mean(
    session: Session, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = json.loads((other / "manifest.json").read_text())
    del manifest["files"]["calibration.json"]
    (other / "manifest.json").write_text(json.dumps(manifest))
    index(session.catalogue, other)
    session.use_model(other)
    settle(session)
    used: list[Calibration] = []

    def noted(*given: Any, library: Any) -> Any:
        used.append(given[4])
        return judge(*given, library=library)

    monkeypatch.setattr("app.search.ranking.judge", noted)
    assert first(session, "red") == "red"
    bank = session.catalogue.bank(session.bundle.identity, bank_name(bank_texts()))
    assert bank is not None
    assert used == [calibration_for(session.bundle, session.index.gallery, bank)]
    assert used != [Calibration()]
