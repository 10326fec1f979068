"""Queries that are more than a description, over a library on disk."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.media.fingerprints import fingerprint
from app.media.frames import Origin
from app.media.geography.place import Place
from app.query.query_error import QueryError
from app.search.outcome import ReasonKind
from app.session import Session
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle
from tests.catalogue.making import make_file, rescan, rows_for
from tests.search.test_searcher import copy_into, fill

RED, BLUE, GREEN = (colour_embedding(COLOURS[name]) for name in ("red", "blue", "green"))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        yield session


def names(session: Session, query: str, folder: Path | None = None) -> list[str]:
    return [moment.path.name for moment in session.search(query, folder=folder).moments]


def add(session: Session, path: Path, place: Place | None = None, **facts: object) -> None:
    """Index one red video with these facts."""
    make_file(path, path.name)
    folder = session.covering(path)
    rescan(session.catalogue, folder.path if folder else session.add_folder(path.parent).path)
    (video,) = session.catalogue.pending(session.bundle.identity)
    rows = rows_for(video, 1, model=session.bundle.identity, width=WIDTH, vectors=RED[np.newaxis])
    rows = replace(rows, facts=replace(rows.facts, **facts), place=place)
    session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(path))


def test_a_description_without_signs_is_answered_as_before(session: Session, tmp_path: Path) -> None:
    fill(
        session, tmp_path / "videos", {"a.mp4": np.stack([RED, BLUE, GREEN, RED]), "b.mp4": BLUE[np.newaxis]}
    )
    bare, quoted = session.search("a red  picture"), session.search('"a red picture"')
    assert bare.moments == quoted.moments
    assert bare.query == "a red  picture"


def test_what_is_left_out_sinks(session: Session, tmp_path: Path) -> None:
    both = (RED + BLUE) / 2
    fill(
        session, tmp_path / "videos", {"both.mp4": both[np.newaxis], "red.mp4": (RED + GREEN)[np.newaxis] / 2}
    )
    plain, without = session.search("red"), session.search("red without blue")
    assert [moment.path.name for moment in without.moments] == ["red.mp4", "both.mp4"]
    before, after = (
        next(moment.strength for moment in outcome.moments if moment.path.name == "both.mp4")
        for outcome in (plain, without)
    )
    assert after < before


def test_only_what_is_left_out(session: Session, tmp_path: Path) -> None:
    fill(session, tmp_path / "videos", {"red.mp4": RED[np.newaxis], "blue.mp4": BLUE[np.newaxis]})
    assert names(session, "no red")[0] == "blue.mp4"
    assert names(session, "no blue")[0] == "red.mp4"
    strengths = [moment.strength for moment in session.search("no red").moments]
    assert strengths == sorted(strengths, reverse=True)


def test_terms_are_looked_for_together(session: Session, tmp_path: Path) -> None:
    videos = {"both.mp4": (RED + BLUE)[np.newaxis], "red.mp4": RED[np.newaxis], "blue.mp4": BLUE[np.newaxis]}
    fill(session, tmp_path / "videos", videos)
    assert names(session, "red + blue")[0] == "both.mp4"
    assert names(session, "9*red + blue")[0] == "red.mp4"
    assert names(session, "red + 9*blue")[0] == "blue.mp4"


def test_one_thing_after_another_plays_from_the_first(session: Session, tmp_path: Path) -> None:
    fill(
        session,
        tmp_path / "videos",
        {
            "red then blue.mp4": np.stack([GREEN, RED, RED, GREEN, BLUE, GREEN]),
            "blue then red.mp4": np.stack([GREEN, BLUE, BLUE, GREEN, RED, GREEN]),
            "red.mp4": np.stack([RED, RED]),
        },
    )
    first, *_ = session.search("red >> blue").moments
    assert first.path.name == "red then blue.mp4"
    assert [part.best for part in first.parts] == [first.best, 4.0]
    assert first.best in {1.0, 2.0}
    assert (first.start, first.end) == (first.parts[0].start, first.parts[1].end)
    assert first.frame_id == first.parts[0].frame_id
    assert names(session, "blue then red")[0] == "blue then red.mp4"
    close = session.search("red >> blue within:1s").moments
    assert all(later.best - part.best <= 1 for m in close for part, later in pairwise(m.parts))
    assert session.search("red").moments[0].parts == ()


def test_steps_in_one_clip_share_it(session: Session, tmp_path: Path) -> None:
    fill(session, tmp_path / "videos", {"a.mp4": np.stack([RED, RED, BLUE, BLUE])}, clip_frames=4)
    ((first, second),) = [moment.parts for moment in session.search("red >> blue").moments]
    assert first.start == 0.0
    assert first.end == second.start == 1.5
    assert second.end == 4.0


def test_filters_by_folder_and_name(session: Session, tmp_path: Path) -> None:
    for path in ("videos/Holiday/Ärger.mp4", "videos/holiday 2/b.mov", "videos/office/holiday.mp4"):
        (tmp_path / "videos").mkdir(exist_ok=True)
        if not session.covering(tmp_path / "videos"):
            session.add_folder(tmp_path / "videos")
        add(session, tmp_path / path)
    assert names(session, "red in:HOLIDAY") == ["Ärger.mp4"], "just this name before others that hold it"
    assert set(names(session, "red in:holi")) == {"Ärger.mp4", "b.mov"}
    assert names(session, 'red in:"holiday 2"') == ["b.mov"]
    assert names(session, "red in:videos/office") == ["holiday.mp4"]
    assert names(session, f"red in:{tmp_path}/videos/office/") == ["holiday.mp4"]
    assert set(names(session, "red in:holiday in:office")) == {"Ärger.mp4", "holiday.mp4"}
    assert set(names(session, "red -in:holiday")) == {"b.mov", "holiday.mp4"}
    assert names(session, "red name:a\u0308rg") == ["Ärger.mp4"]
    assert names(session, "red type:MOV") == ["b.mov"]
    assert names(session, "red in:holi", tmp_path / "videos" / "holiday 2") == ["b.mov"]
    assert names(session, "red name:nothing") == []
    for query in ("red in:nowhere", "red type:avi", "red -in:nowhere"):
        with pytest.raises(QueryError, match="in this library") as caught:
            session.search(query)
        assert (caught.value.at, caught.value.query) == (4, query)
    assert session.catalogue.folders_named("hol") == ["Holiday", "holiday 2"]
    assert session.catalogue.file_types() == ["mov", "mp4"]


def test_filters_by_what_a_file_says_of_itself(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    add(
        session, folder / "a.mp4", width=1080, height=1920, duration=20.0, created="2023-05-14T10:00:00+02:00"
    )
    add(session, folder / "b.mp4", width=3840, height=2160, duration=90.0, created="2024-01-01T00:00:00")
    old = datetime(2021, 3, 1, 12).timestamp()
    make_file(folder / "c.mp4", "c.mp4")
    os.utime(folder / "c.mp4", (old, old))
    rescan(session.catalogue, folder)
    (video,) = session.catalogue.pending(session.bundle.identity)
    rows = rows_for(video, 1, model=session.bundle.identity, width=WIDTH, vectors=RED[np.newaxis])
    rows = replace(rows, facts=replace(rows.facts, width=500, height=500, duration=30.0, created=None))
    session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(folder / "c.mp4"))
    for query, expected in {
        "after:2023": {"a.mp4", "b.mp4"},
        "before:2023": {"c.mp4"},
        "after:2023-05-14 before:2023-05-15": {"a.mp4"},
        "after:2024-01-01": {"b.mp4"},
        "before:2024": {"a.mp4", "c.mp4"},
        "longer:30s": {"b.mp4", "c.mp4"},
        "shorter:30s": {"a.mp4", "c.mp4"},
        "is:portrait": {"a.mp4"},
        "is:landscape is:4k": {"b.mp4"},
        "is:square": {"c.mp4"},
        "is:hd": {"a.mp4", "b.mp4"},
        "-is:portrait": {"b.mp4", "c.mp4"},
        "longer:30s landscape": {"b.mp4"},
    }.items():
        assert set(names(session, f"red {query}")) == expected, query


def test_filters_by_camera_and_place(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    lisbon = Place(("Alfama", "Lisbon", "Portugal"), ("Lisboa", "Portuguese Republic"))
    for name, origin, place in (
        ("a.mp4", Origin("Apple iPhone 12 Pro", 38.7, -9.1), lisbon),
        ("b.mp4", Origin("Google Pixel 8", -23.5, -46.6), Place(("São Paulo", "Brazil"), ("Brasil",))),
        ("c.mp4", Origin("GoPro"), None),
        ("d.mp4", Origin("", 25.0, 121.5), Place(("Taipei", "Taiwan"), ("Republic of China",))),
        ("e.mp4", None, None),
    ):
        add(session, folder / name, place=place, origin=origin)
    for query, expected in {
        "camera:iphone": {"a.mp4"},
        "camera:IPHONE camera:pixel": {"a.mp4", "b.mp4"},
        'camera:"iphone 12"': {"a.mp4"},
        "camera:pro": {"a.mp4"},
        "-camera:iphone": {"b.mp4", "c.mp4", "d.mp4", "e.mp4"},
        "place:lisbon": {"a.mp4"},
        "place:LISBOA": {"a.mp4"},
        "place:sao": {"b.mp4"},
        'place:"são paulo" place:portugal': {"a.mp4", "b.mp4"},
        'place:"republic of china"': {"d.mp4"},
        "place:brasil camera:pixel": {"b.mp4"},
        "place:portugal camera:pixel": set(),
        "-place:brazil": {"a.mp4", "c.mp4", "d.mp4", "e.mp4"},
    }.items():
        assert set(names(session, f"red {query}")) == expected, query
    for query in ("red camera:phone", "red place:china", "red place:lis", "red -place:nowhere"):
        with pytest.raises(QueryError, match="No video in this library says") as caught:
            session.search(query)
        assert (caught.value.at, caught.value.query) == (4, query)
    assert session.catalogue.cameras("") == ["Apple iPhone 12 Pro", "Google Pixel 8", "GoPro"]
    assert session.catalogue.cameras("pix") == ["Google Pixel 8"]
    assert session.catalogue.places("p") == ["Portugal", "São Paulo"]


def test_the_copy_that_meets_the_filter_is_shown(session: Session, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    fill(session, first, {"red.mp4": RED[np.newaxis]})
    second.mkdir()
    session.add_folder(second)
    copy_into(session, first / "red.mp4", second / "copy.mp4")
    (moment,) = session.search("red in:second").moments
    assert (moment.path, moment.copies) == (second / "copy.mp4", (first / "red.mp4",))
    (moment,) = session.search("red name:red").moments
    assert moment.path == first / "red.mp4"


def test_a_chain_is_looked_for_in_what_the_filters_leave(session: Session, tmp_path: Path) -> None:
    fill(session, tmp_path / "a", {"one.mp4": np.stack([RED, BLUE])}, clip_frames=1)
    fill(session, tmp_path / "b", {"two.mp4": np.stack([RED, BLUE])}, clip_frames=1)
    assert names(session, "red >> blue in:b") == ["two.mp4"]
    assert names(session, "no red in:a") == ["one.mp4"] * 2 or names(session, "no red in:a") == ["one.mp4"]


def test_every_moment_says_what_each_part_of_the_query_has_to_do_with_it(
    session: Session, tmp_path: Path
) -> None:
    fill(
        session, tmp_path / "videos", {"a.mp4": np.stack([RED, RED, BLUE, BLUE]), "b.mp4": GREEN[np.newaxis]}
    )
    (best, *_) = session.search("red").moments
    (reason,) = best.reasons
    assert (reason.kind, reason.text, reason.step) == (ReasonKind.SEEN, "red", 1)
    assert reason.strength == best.strength
    best = session.search("2*red + blue -green").moments[0]
    assert [(reason.kind.value, reason.text) for reason in best.reasons] == [
        ("seen", "red"),
        ("seen", "blue"),
        ("absent", "green"),
    ]
    assert best.reasons[0].strength > best.reasons[1].strength
    assert best.reasons[2].strength > 0.5
    best = session.search("red >> blue -green").moments[0]
    assert [(reason.text, reason.step) for reason in best.reasons] == [("red", 1), ("blue", 2), ("green", 2)]
    assert best.reasons[0].strength == best.parts[0].strength
    assert session.search("no green").moments[0].reasons[0].kind is ReasonKind.ABSENT
