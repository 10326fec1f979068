"""The table of large libraries: every row is produced, and what it measures is what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from app.bundle.encoder_bundle import load_bundle
from app.errors import UsageError
from app.paths import bundled_model
from app.session import Session
from benchmarks.scale import synthetic_library
from benchmarks.scale.__main__ import MEASUREMENTS, main
from benchmarks.scale.place import Effort, NotMeasuredError, Place
from benchmarks.scale.process_usage import descendants, processor_seconds, resident
from benchmarks.scale.synthetic_library import FOLDERS, encoded_pictures, fill, warm
from benchmarks.scale.table import HEAD, Measurement, Row

FRAMES = 1000
EFFORT = Effort(
    runs=1,
    untimed=0,
    queries=5,
    pictures=10,
    hd=(192, 108),
    uhd=(320, 180),
    videos=1,
    many=3,
    seconds=4,
    patience=0.5,
    clips=None,
)
"""Small: whether a row comes, not what is in it."""

NEEDS_PROC = {"memory", "decoder-memory", "cores", "first-pass"}
"""Measurements that ask Linux."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A library of 1,000 frames."""
    place = Place(tmp_path_factory.mktemp("scale"), FRAMES, EFFORT)
    fill(place)
    return place


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path))


@pytest.mark.parametrize("measurement", MEASUREMENTS, ids=lambda measurement: measurement.name)
def test_every_row_is_produced(measurement: Measurement, place: Place) -> None:
    columns = HEAD.splitlines()[0].count("|")
    lines = measurement.lines(place)
    assert len(lines) == len(measurement.rows)
    for line, row in zip(lines, measurement.rows, strict=True):
        assert line.count("|") == columns
        assert line.startswith(f"| {row.what} | {row.before} | ")
        if measurement.name in NEEDS_PROC and sys.platform != "linux":
            assert "not measured" in line
            continue
        assert "not measured" not in line
        assert re.search(r"\d", line.split("|")[3])


def test_measuring_leaves_the_library_as_it_was(place: Place) -> None:
    with Session(place.library) as session:
        folders = session.folders()
        assert [folder.indexed for folder in folders] == [folder.videos for folder in folders]
        assert len(folders) == FOLDERS
        assert session.catalogue.frame_count(session.bundle.identity) == FRAMES
    assert not (place.folder / "scratch").exists()


def test_a_library_that_is_there_is_used_and_half_a_one_is_finished(place: Place) -> None:
    with Session(place.library) as session:
        revision, whole = session.catalogue.revision(), vectors_of(session)
    fill(place)
    with Session(place.library) as session:
        assert session.catalogue.revision() == revision
        videos = session.catalogue.pending("another model")[::2]
        lost = dict.fromkeys((video.id for video in videos), "as if the work had been interrupted")
        session.catalogue.set_aside(session.bundle.identity, lost)
    fill(place)
    with Session(place.library) as session:
        assert vectors_of(session) == whole, "the same frames, wherever it was interrupted"


def vectors_of(session: Session) -> set[bytes]:
    warm(session)
    return {row.tobytes() for row in session.index.gallery.vectors}


def test_a_library_of_another_size_is_not_mistaken_for_it(place: Place) -> None:
    with pytest.raises(UsageError, match="1,000 frames"):
        fill(Place(place.folder, FRAMES - FOLDERS, EFFORT))


def test_frames_have_neighbours_and_texts_are_as_far_as_from_pictures(place: Place) -> None:
    """Clips hang together, videos differ, and no text is nearer to a frame than frames are to each other."""
    with Session(place.library) as session:
        warm(session)
        gallery = session.index.gallery
        text = session.text_encoder.encode_query("a dog running on grass")
    text = text / np.linalg.norm(text)
    starts = gallery.clip_starts
    within = (gallery.vectors[starts] * gallery.vectors[starts + 1]).sum(axis=1)
    across = gallery.vectors[starts[:50]] @ gallery.vectors[starts[-50:]].T
    assert within.mean() > across.mean() + 0.1
    assert (gallery.vectors @ text).max() < within.mean()


def test_real_pictures_are_encoded_where_there_are_any(
    drawn_pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = load_bundle(bundled_model())
    drawn = encoded_pictures(bundle, 2)
    if not drawn_pictures.is_dir():
        pytest.skip("../shared/data is absent: real pictures are not part of the repository")
    monkeypatch.setattr(synthetic_library, "TRAINING", drawn_pictures)
    real = encoded_pictures(bundle, 2)
    assert real.shape == drawn.shape == (2, bundle.embedding_width)
    assert np.linalg.norm(real - drawn, axis=1).min() > 0


def test_what_cannot_be_measured_says_why_and_the_rest_goes_on(place: Place) -> None:
    def fails(_: Place) -> list[str]:
        raise NotMeasuredError("there is no such thing here")

    rows = (Row("one", "1", "2"), Row("two", "3", "4"))
    lines = Measurement("thing", rows, fails).lines(place)
    assert lines[0] == "| one | 1 | not measured: there is no such thing here | 2 |"
    assert lines[1].startswith("| two | 3 | not measured")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked")
def test_usage_counts_children() -> None:
    alone = resident(os.getpid())
    work = "x = bytearray(50 << 20); sum(range(10**7)); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", work], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in set(descendants(os.getpid()))
        assert resident(os.getpid()).beyond_files > alone.beyond_files + 40
        before = processor_seconds(os.getpid())
        child.communicate(b"\n")
    assert processor_seconds(os.getpid()) >= before, "what ended still counts"


def test_only_known_names_can_be_chosen(tmp_path: Path) -> None:
    found = CliRunner().invoke(main, ["--only", "recall,nonsense", "--library", str(tmp_path)])
    assert found.exit_code == 2
    assert "nonsense" in found.output
    assert "new-video" in found.output, "it says what there is"
