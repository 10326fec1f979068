"""Query-bank normalisation: what answers to everything answers less, and nothing else changes."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.catalogue.records import StoredHubness
from app.media.fingerprints import fingerprint
from app.runtime.encoders import TextEncoder
from app.search.scorers.hubness import (
    BETA,
    HubnessCache,
    Hubs,
    bank_name,
    bank_texts,
    compare,
    find_hubs,
)
from app.session import Session
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from app.vectors.vector_index import VectorIndex
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle
from tests.catalogue.making import make_file, rescan, rows_for
from tests.videos import Scene, make_video

Vectors = NDArray[np.float32]


def video(number: int, clips: Sequence[int], seed: int, width: int = 8) -> StoredEmbeddings:
    count = sum(clips)
    rng = np.random.default_rng(seed)
    return StoredEmbeddings(
        video_id=number,
        folder_id=1,
        revision=number,
        matrix=(5 * rng.standard_normal((count, width))).astype(np.float16),
        frame_ids=np.arange(count, dtype=np.int64) + 1000 * number,
        times=np.arange(count, dtype=np.float64),
        clips=np.repeat(np.arange(len(clips)), clips).astype(np.int32),
    )


def gallery_of(videos: Sequence[StoredEmbeddings]) -> Gallery:
    store = GalleryStore(videos[0].matrix.shape[1])
    for stored in videos:
        store.append(stored)
    return store.snapshot()


def bank_of(count: int, width: int = 8, seed: int = 9) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def slow(videos: Sequence[StoredEmbeddings], bank: Vectors) -> tuple[list[float], set[int]]:
    """Levels of all clips and the hubs, from the formulas."""
    means = []
    for stored in videos:
        frames = stored.matrix.astype(np.float64)
        frames /= np.linalg.norm(frames, axis=1, keepdims=True)
        for number in range(stored.clips.max() + 1):
            mean = frames[stored.clips == number].mean(axis=0)
            means.append(mean / np.linalg.norm(mean))
    similarities = bank.astype(np.float64) @ np.array(means).T
    levels = [np.log(np.mean(np.exp(BETA * column))) / BETA for column in similarities.T]
    return levels, {int(row.argmax()) for row in similarities}


def test_levels_and_hubs_are_those_of_the_formulas() -> None:
    videos = [video(1, (3, 1, 2), 1), video(2, (1,), 2), video(5, (4, 4, 4, 1), 3)]
    bank = bank_of(6)
    hubs = find_hubs(gallery_of(videos), [compare(bank, stored) for stored in reversed(videos)])
    levels, hub = slow(videos, bank)
    np.testing.assert_allclose(hubs.offset, np.mean(levels) - np.array(levels), atol=1e-5)
    assert set(np.flatnonzero(hubs.hub).tolist()) == hub
    assert 0 < len(hub) < len(levels)


def test_a_video_that_was_not_compared_counts_as_an_ordinary_one() -> None:
    videos = [video(1, (2, 2), 1), video(2, (2,), 2)]
    bank = bank_of(6)
    hubs = find_hubs(gallery_of(videos), [compare(bank, videos[0])])
    assert hubs.offset[2] == 0
    assert not hubs.hub[2]
    assert hubs.hub[:2].any()
    nothing = find_hubs(gallery_of(videos), [])
    assert not nothing.hub.any()
    assert not nothing.offset.any()
    longer = compare(bank, video(1, (2, 2, 2), 1))  # indexed again since the gallery was read
    assert not find_hubs(gallery_of(videos), [longer]).hub.any()


def test_frames_without_direction_and_videos_without_frames_are_no_error() -> None:
    bank = bank_of(4)
    nothing = compare(bank, video(1, (), 1))
    assert len(nothing.levels) == 0
    assert np.isneginf(nothing.peaks).all()
    black = video(2, (2,), 1)
    row = compare(bank, StoredEmbeddings(**{**_values(black), "matrix": np.zeros((2, 8), np.float16)}))
    assert row.levels == pytest.approx([0.0], abs=1e-6)


def _values(stored: StoredEmbeddings) -> dict[str, object]:
    return {name: getattr(stored, name) for name in StoredEmbeddings.__slots__}


def test_only_a_query_whose_first_clip_is_a_hub_is_corrected() -> None:
    hubs = Hubs(np.array([True, False, False]), np.array([-0.3, 0.1, 0.2], np.float32))
    clips = np.array([2, 0, 1])
    hub_first = np.array([0.2, 0.5, 0.4], np.float32)
    assert hubs.corrected(hub_first, clips).tolist() == pytest.approx([0.4, 0.2, 0.5])
    other_first = np.array([0.6, 0.5, 0.4], np.float32)
    assert hubs.corrected(other_first, clips).tolist() == other_first.tolist()
    assert hubs.corrected(np.empty(0, np.float32), np.empty(0, np.intp)).tolist() == []


def test_the_ranking_is_that_of_the_dynamic_inverted_softmax() -> None:
    videos = [video(number, (2, 1, 3), number) for number in range(1, 8)]
    bank = bank_of(40)
    gallery = gallery_of(videos)
    hubs = find_hubs(gallery, [compare(bank, stored) for stored in videos])
    levels, hub = slow(videos, bank)
    clips = np.arange(len(levels))
    changed = 0
    for seed in range(20):
        scores = np.random.default_rng(seed).uniform(0, 0.4, len(levels)).astype(np.float32)
        expected = scores.astype(np.float64)
        if int(scores.argmax()) in hub:
            expected = np.exp(BETA * expected) / np.exp(BETA * np.array(levels))
            changed += 1
        assert np.argsort(hubs.corrected(scores, clips)).tolist() == np.argsort(expected).tolist()
    assert 0 < changed < 20


def test_the_bank_has_a_name_of_its_own() -> None:
    texts = bank_texts()
    assert len(texts) > 200
    assert len(set(texts)) == len(texts)
    assert not any(text.startswith("#") for text in texts)
    assert bank_name(texts) == bank_name(list(texts))
    assert bank_name(texts) != bank_name(texts[:-1])


def fill(session: Session, folder: Path, names: Sequence[str], seed: int = 0) -> None:
    rng = np.random.default_rng(seed)
    for name in names:
        make_file(folder / name, name)
    if session.covering(folder) is None:
        session.add_folder(folder)
    rescan(session.catalogue, folder)
    for waiting in session.catalogue.pending(session.bundle.identity):
        vectors = rng.standard_normal((6, WIDTH)).astype(np.float32)
        rows = rows_for(waiting, 6, model=session.bundle.identity, width=WIDTH, vectors=vectors)
        session.catalogue.commit_indexed(waiting.id, rows, fingerprint=fingerprint(waiting.path))


def test_a_search_can_be_corrected_and_its_verdict_stays(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        fill(session, tmp_path / "videos", [f"{number}.mp4" for number in range(8)])
        plain = session.search("red")
        assert session.catalogue.hubness(session.bundle.identity, bank_name(bank_texts())) == []
        corrected = [session.search(colour, qb_norm=True) for colour in COLOURS]
        uncorrected = [session.search(colour) for colour in COLOURS]
        assert any(a.moments != b.moments for a, b in zip(corrected, uncorrected, strict=True))
        for one, other in zip(corrected, uncorrected, strict=True):
            assert {m.frame_id: m.strength for m in one.moments}.items() & {
                m.frame_id: m.strength for m in other.moments
            }.items()
        assert session.search("red").moments == plain.moments
        session.change_setting("qb_norm", "on")
        assert session.search("red").moments == corrected[0].moments
        assert session.search("red", qb_norm=False).moments == plain.moments


def test_what_comes_later_is_compared_too_and_the_rest_not_again(tmp_path: Path) -> None:
    asked: list[int] = []

    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        fill(session, tmp_path / "videos", ["a.mp4", "b.mp4"])
        catalogue, model = session.catalogue, session.bundle.identity

        def encoder() -> TextEncoder:
            asked.append(1)
            return session.text_encoder

        def fresh_gallery() -> Gallery:
            index = VectorIndex(tmp_path, model, WIDTH)
            index.refresh(catalogue)
            return index.gallery

        keeper = HubnessCache(catalogue, model, encoder)
        gallery = fresh_gallery()
        hubs = keeper.hubs(gallery)
        assert keeper.hubs(gallery) is hubs
        fill(session, tmp_path / "videos", ["c.mp4"], seed=1)
        assert len(keeper.hubs(fresh_gallery()).hub) == len(hubs.hub) + 3
        again = HubnessCache(catalogue, model, encoder)
        np.testing.assert_array_equal(again.hubs(fresh_gallery()).offset, keeper.hubs(fresh_gallery()).offset)
        assert asked == [1], "the bank is encoded once per library and model"


def test_comparing_stops_when_it_is_told_to(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        fill(session, tmp_path / "videos", ["a.mp4"])
        keeper = HubnessCache(session.catalogue, session.bundle.identity, lambda: session.text_encoder)
        keeper.update(lambda: True)
        bank = bank_name(bank_texts())
        assert session.catalogue.bank(session.bundle.identity, bank) is None
        assert session.catalogue.lacking_hubness(session.bundle.identity, bank) != []
        keeper.update()
        assert session.catalogue.lacking_hubness(session.bundle.identity, bank) == []


def test_no_search_waits_while_the_bank_is_encoded_or_videos_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoding, encode_on, comparing, compare_on = (threading.Event() for _ in range(4))

    def slow_compare(bank: Vectors, stored: StoredEmbeddings) -> StoredHubness:
        comparing.set()
        assert compare_on.wait(20)
        return compare(bank, stored)

    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        fill(session, tmp_path / "videos", ["a.mp4"])
        index = VectorIndex(tmp_path, session.bundle.identity, WIDTH)
        index.refresh(session.catalogue)

        def encoder() -> TextEncoder:
            encoding.set()
            assert encode_on.wait(20)
            return session.text_encoder

        monkeypatch.setattr("app.search.scorers.hubness.compare", slow_compare)
        keeper = HubnessCache(session.catalogue, session.bundle.identity, encoder)
        with ThreadPoolExecutor(4) as pool:
            try:
                updating = pool.submit(keeper.update)
                assert encoding.wait(20)
                assert pool.submit(keeper.bank).result(5) is None
                assert not pool.submit(keeper.hubs, index.gallery).result(5).hub.any()
                encode_on.set()
                assert comparing.wait(20)
                assert pool.submit(keeper.bank).result(5) is not None
                assert not pool.submit(keeper.hubs, index.gallery).result(5).hub.any()
            finally:
                encode_on.set()
                compare_on.set()
            updating.result(20)
        assert keeper.hubs(index.gallery).hub.any(), "what was said meanwhile is not kept"


def test_a_hub_is_a_clip_that_answers_to_everything(tmp_path: Path) -> None:
    """With the real bank and a model that knows colours: grey words have one answer."""
    bundle = load_bundle(make_bundle(tmp_path / "bundle"))
    encoded = TextEncoder(bundle).encode(bank_texts())
    bank = encoded / np.linalg.norm(encoded, axis=1, keepdims=True)
    near = np.median(bank, axis=0)
    matrix = np.stack([near, colour_embedding(COLOURS["red"]), colour_embedding(COLOURS["blue"])])
    stored = StoredEmbeddings(
        1, 1, 1, matrix.astype(np.float16), np.arange(3), np.arange(3.0), np.arange(3, dtype=np.int32)
    )
    hubs = find_hubs(gallery_of([stored]), [compare(bank.astype(np.float32), stored)])
    assert hubs.hub[0]
    assert hubs.offset[0] < 0 < hubs.offset[1:].max()


def test_indexing_compares_at_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "Videos"
    folder.mkdir()
    make_video(folder / "red.mp4", [Scene("red", 3, "still")])
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        session.add_folder(folder)
        session.indexer.start()
        session.indexer.wait()
        assert len(session.catalogue.hubness(session.bundle.identity, bank_name(bank_texts()))) == 1
