"""Exports of real little videos: what is written, what fails alone, what a stop leaves."""

import csv
import io
import json
import os
from collections import namedtuple
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from app.errors import UsageError
from app.exporting import export_space
from app.exporting.export_request import ExportError, ExportKind, ExportProgress, StillFormat
from app.exporting.exporter import Export
from app.exporting.moment_tables import as_csv, as_json
from tests.cli.test_schemas import schema_of, undescribed
from tests.exporting.making import moment, request
from tests.videos import Scene, make_video


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenes = [Scene("red", 4), Scene("blue", 4, "pan")]
    return make_video(tmp_path_factory.mktemp("v") / "clip.mp4", scenes, gop=20, audio=True)


def frames_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.parametrize("exact", [False, True])
def test_clips_say_what_they_cover(video: Path, tmp_path: Path, exact: bool) -> None:
    shares: list[ExportProgress] = []
    wanted = request(ExportKind.CLIPS, tmp_path / "out", moment(video, 3.0, 5.0), exact=exact)
    (file,) = Export(wanted).run(shares.append).files
    assert file.path == tmp_path / "out" / "clip 0m03s.mp4"
    assert file.start == pytest.approx(3.0 if exact else 2.0)
    assert file.end == pytest.approx(5.0, abs=0.35)
    assert frames_of(file.path) == pytest.approx(20 if exact else 30, abs=4)
    assert shares[-1].share == 1.0
    assert [each.name for each in (tmp_path / "out").iterdir()] == [file.path.name], (
        "nothing else is left there"
    )


def test_handles_widen_a_clip_as_far_as_the_video_reaches(video: Path, tmp_path: Path) -> None:
    wide = moment(video, 1.0, 7.5, duration=8.0)
    (file,) = Export(request(ExportKind.CLIPS, tmp_path / "out", wide, exact=True, handles=2.0)).run().files
    assert (file.start, file.end) == pytest.approx((0.0, 8.0), abs=0.11)


def test_stills_are_upright_and_in_full_size(tmp_path: Path) -> None:
    turned = make_video(tmp_path / "upright.mp4", [Scene("red", 2)], rotation=90)
    for form, suffix in ((StillFormat.JPEG, ".jpg"), (StillFormat.PNG, ".png")):
        wanted = request(ExportKind.STILLS, tmp_path / "out", moment(turned, 0.5, 1.5), still_format=form)
        (file,) = Export(wanted).run().files
        assert file.path.suffix == suffix
        with av.open(str(file.path)) as picture:
            frame = next(picture.decode(video=0))
        assert (frame.width, frame.height) == (240, 320)
        assert np.allclose(frame.to_ndarray(format="rgb24")[-1, 0], (200, 30, 30), atol=12)


@pytest.mark.parametrize(("kind", "name"), [(ExportKind.GIF, "gif"), (ExportKind.WEBP, "webp")])
def test_a_moving_picture_is_small_and_lasts_as_long(
    video: Path, tmp_path: Path, kind: ExportKind, name: str
) -> None:
    wanted = request(kind, tmp_path / "out", moment(video, 1.0, 3.0), long_side=160, rate=5.0)
    (file,) = Export(wanted).run().files
    data = file.path.read_bytes()
    if kind is ExportKind.GIF:
        assert data.startswith(b"GIF89a")
        assert b"NETSCAPE2.0" in data, "it goes round"
        with av.open(str(file.path)) as picture:
            frames = list(picture.decode(video=0))
        assert (frames[0].width, frames[0].height, len(frames)) == (160, 120, 10)
    else:
        assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
        assert data.count(b"ANMF") == pytest.approx(10, abs=2)


def test_a_contact_sheet_shows_several_frames_of_one_moment(video: Path, tmp_path: Path) -> None:
    (file,) = Export(request(ExportKind.SHEET, tmp_path / "out", moment(video, 2.0, 6.0))).run().files
    with av.open(str(file.path)) as picture:
        page = next(picture.decode(video=0)).to_ndarray(format="rgb24").reshape(-1, 3).astype(int)
    reds, blues = (page[:, 0] - page[:, 2] > 80).mean(), (page[:, 2] - page[:, 0] > 80).mean()
    assert reds > 0.2
    assert blues > 0.2


def test_a_moment_that_fails_fails_alone(video: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypmp42" + os.urandom(2000))
    copies = moment(tmp_path / "away.mp4", 1, 2, copies=(video,))
    wanted = request(
        ExportKind.CLIPS, tmp_path / "out", moment(broken, 0, 1), copies, moment(tmp_path / "gone.mp4", 0, 1)
    )
    report = Export(wanted).run()
    assert [file.path.name for file in report.files] == ["clip 0m01s.mp4"], "from a copy that is there"
    assert [failure.moment.path.name for failure in report.failures] == ["broken.mp4", "gone.mp4"]
    assert "not there" in report.failures[1].sentence


def test_a_place_that_cannot_be_looked_at_fails_alone(video: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / ("x" * 300 + ".mp4")  # as in a folder that may not be entered, the system refuses
    wanted = request(ExportKind.CLIPS, tmp_path / "out", moment(nowhere, 0, 1), moment(video, 0, 1))
    report = Export(wanted).run()
    assert len(report.files) == 1
    assert "not there" in report.failures[0].sentence


def test_a_stop_leaves_what_is_whole(video: Path, tmp_path: Path) -> None:
    wanted = request(ExportKind.CLIPS, tmp_path / "out", moment(video, 0, 1), moment(video, 0, 8), exact=True)
    export = Export(wanted)

    def follow(progress: ExportProgress) -> None:
        if progress.done == 1 and progress.share > 0.5:
            export.cancel()

    report = export.run(follow)
    assert report.stopped
    assert not report.failures
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["clip 0m00s.mp4"]


def test_too_little_space_is_told_before_anything_is_written(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(export_space.shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 5, 5))
    with pytest.raises(ExportError, match="Not enough disk space"):
        Export(request(ExportKind.CLIPS, tmp_path / "out", moment(video, 0, 1))).run()
    assert [each.name for each in (tmp_path / "out").iterdir()] == []


def test_nothing_chosen_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to export"):
        Export(request(ExportKind.CSV, tmp_path)).run()


def test_a_table_holds_no_formula(tmp_path: Path) -> None:
    evil = moment(
        Path("=cmd|'/c calc'!A1.mp4"), 0, 1, query="-2+3;=4", reasons=('@SUM(1;2)"', "said: a, b"), rank=1
    )
    table = as_csv([evil, moment(Path("/v/grüße.mp4"), 3661.25, 3662)])
    assert table.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(table.decode("utf-8-sig")))
    assert len(head) == len(first)
    assert not [cell for cell in first if cell.startswith(("=", "+", "-", "@"))]
    assert first[1] == "'=cmd|'/c calc'!A1.mp4"
    assert ";'=4" in first[8], "a spreadsheet may take semicolons for the ends of cells"
    assert second[1] == "/v/grüße.mp4"
    assert second[5] == "1:01:01.250"


def test_the_list_for_scripts_fits_its_schema() -> None:
    found = moment(Path("/v/a\udce9.mp4"), 1, 2, query="x", reasons=("seen: x",), rank=1, strength=0.5)
    content = json.loads(as_json([found, replace(found, rank=0, strength=None, duration=9.0)]))
    schema = schema_of("moments")
    Draft202012Validator(schema).validate(content)
    assert list(undescribed(content, schema, schema)) == []
    assert content["moments"][0]["path"] == "/v/a\udce9.mp4"
    assert Fraction(content["moments"][1]["duration"]) == 9
