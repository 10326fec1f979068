"""Timelines: frames right at every rate, paths right on every system, readable by others."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest

from app.exporting.export_request import ExportKind, ExportMoment
from app.exporting.exporter import Export
from app.exporting.timelines.edit_list import EditList
from app.exporting.timelines.edl import as_edls
from app.exporting.timelines.fcpxml import as_fcpxml
from app.exporting.timelines.media_address import media_address
from app.exporting.timelines.otio_timeline import as_otio
from app.exporting.timelines.xmeml import as_xmeml
from app.media.cut_requests import TimelineFacts
from tests.exporting.fcpxml_rules import problems_of
from tests.exporting.making import facts, moment, request
from tests.videos import Scene, make_video

NTSC, FILM = Fraction(30000, 1001), Fraction(24000, 1001)
DOG, CAT, SILENT = Path("/v/my dog #1 100%.mov"), Path("/v/Kätzchen & Co.mp4"), Path("/v/silent.mp4")
MOMENTS = (
    moment(DOG, 10.0, 12.0, query="a <dog> & “friends”", reasons=("seen: a dog",), strength=0.5),
    moment(CAT, 3.0, 4.5, query="a cat"),
    moment(SILENT, 0.0, 2.0),
)


def edits_of(
    media: Mapping[Path, TimelineFacts], moments: tuple[ExportMoment, ...] = MOMENTS, handles: float = 0.0
) -> EditList:
    return EditList.of("my list", moments, media, handles)


def read_xml(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - we wrote it


def mixed() -> EditList:
    return edits_of(
        {
            DOG: facts(NTSC, "10:00:00;00"),
            CAT: facts(NTSC),
            SILENT: facts(Fraction(25), channels=0, duration=20.0),
        }
    )


RATES = [FILM, NTSC, *map(Fraction, (15, 24, 25, 30, 50)), Fraction(60000, 1001)]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_moments_follow_each_other_to_the_frame(rate: Fraction) -> None:
    edits = edits_of(dict.fromkeys((DOG, CAT, SILENT), facts(rate)))
    place = 0
    for edit, wanted in zip(edits.edits, MOMENTS, strict=True):
        assert edit.place == place
        assert abs(edit.start / rate - Fraction(wanted.start)) <= 1 / rate / 2
        assert abs(edit.frames / rate - Fraction(wanted.end - wanted.start)) <= 1 / rate
        assert edit.length == edit.frames
        assert edit.start <= edit.best < edit.start + edit.frames
        place += edit.length
    assert edits.drop == (rate in {NTSC, Fraction(60000, 1001)})


def test_timecode_drops_numbers_as_the_cameras_do() -> None:
    assert edits_of(dict.fromkeys((DOG, CAT, SILENT), facts(NTSC, "01:00:00:00"))).drop is False
    assert mixed().drop is True


def test_handles_are_taken_where_the_file_has_them() -> None:
    wide = edits_of(dict.fromkeys((DOG, CAT, SILENT), facts(Fraction(25))), handles=1.0)
    assert [(edit.start, edit.frames) for edit in wide.edits] == [(225, 100), (50, 88), (0, 75)]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (PurePosixPath("/v/a b#c%d.mp4"), "file:///v/a%20b%23c%25d.mp4"),
        (PurePosixPath("/v/Grüße & mehr?.mp4"), "file:///v/Gr%C3%BC%C3%9Fe%20%26%20mehr%3F.mp4"),
        (PurePosixPath("/v/12:30+1.mp4"), "file:///v/12%3A30%2B1.mp4"),
        (PurePosixPath("/v/caf\udce9.mp4"), "file:///v/caf%E9.mp4"),
        (PureWindowsPath(r"C:\My videos\a#1.mp4"), "file:///C:/My%20videos/a%231.mp4"),
        (PureWindowsPath(r"\\nas\video share\ü.mp4"), "file://nas/video%20share/%C3%BC.mp4"),
        (PureWindowsPath(r"\\?\C:\long\a.mp4"), "file:///C:/long/a.mp4"),
        (PureWindowsPath(r"\\?\UNC\nas\share\a.mp4"), "file://nas/share/a.mp4"),
    ],
)
def test_a_path_has_the_address_of_its_system(path: PurePosixPath | PureWindowsPath, address: str) -> None:
    assert media_address(path) == address


def clips_of(track: Any) -> list[Any]:
    return [item for item in track if isinstance(item, otio.schema.Clip)]


def test_an_otio_file_reads_back_as_it_was_meant() -> None:
    timeline = otio.adapters.read_from_string(as_otio(mixed()).decode(), "otio_json")
    picture, sound = timeline.tracks
    assert (picture.kind, sound.kind) == ("Video", "Audio")
    dog, cat, silent = clips_of(picture)
    assert dog.media_reference.target_url == "file:///v/my%20dog%20%231%20100%25.mov"
    assert otio.opentime.to_timecode(dog.source_range.start_time) == "10:00:10;00"
    assert dog.source_range.duration.value == 60
    assert dog.media_reference.available_range.contains(dog.source_range)
    assert silent.source_range.duration == otio.opentime.RationalTime(50, 25)
    assert [clip.name for clip in clips_of(sound)] == [dog.name, cat.name], "the silent one leaves a gap"
    assert picture.duration() == sound.duration()
    links = [
        [clip.metadata["Resolve_OTIO"]["Link Group ID"] for clip in clips_of(track)]
        for track in timeline.tracks
    ]
    assert links == [[1, 2, 3], [1, 2]]
    (mark,) = dog.markers
    assert mark.name == "a <dog> & “friends”"
    assert dog.source_range.contains(mark.marked_range)


def test_a_name_that_is_no_text_is_written_all_the_same() -> None:
    edits = replace(mixed(), name="caf\udce9\n")
    for write in (as_otio, as_fcpxml, as_xmeml, as_edls):
        assert write(edits)


def test_an_edl_reads_back_as_it_was_meant() -> None:
    (data,) = as_edls(mixed())
    text = data.decode()
    assert "FCM: DROP FRAME" in text
    assert re.search(
        r"^001  MYDOG110 AA/V  C        10:00:10;00 10:00:12;00 01:00:00;00 01:00:02;00", text, re.M
    )
    assert re.search(r"^003  SILENT   V     C ", text, re.M)
    options = {"rate": float(NTSC), "ignore_timecode_mismatch": True}
    timeline = otio.adapters.read_from_string(text, "cmx_3600", **options)
    names = [clip.name for clip in clips_of(timeline.video_tracks()[0])]
    assert names == [path.name for path in (DOG, CAT, SILENT)]
    assert [clip.duration().value for clip in clips_of(timeline.video_tracks()[0])] == [60, 45, 60]
    assert len(clips_of(timeline.audio_tracks()[0])) == 2


def test_a_long_edl_goes_on_in_another_file() -> None:
    many = tuple(moment(Path(f"/v/a long name {number}.mp4"), 0.0, 1.0) for number in range(1001))
    edits = EditList.of("many", many, {each.path: facts(Fraction(25)) for each in many})
    first, second = (data.decode() for data in as_edls(edits))
    assert "TITLE: many 1 of 2" in first
    assert "\r\n999  " in first
    assert "1000  " not in first
    assert "\r\n001  ALON" in second
    assert "\r\n002  " in second
    reels = re.findall(r"^\d{3}  (\S+)", first + second, re.M)
    assert len(set(reels)) == 1001, "no two files have one reel"
    assert max(map(len, reels)) == 8


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_an_fcpxml_keeps_to_its_structure(rate: Fraction) -> None:
    edits = edits_of(
        {DOG: facts(rate, "01:00:00:00"), CAT: facts(rate), SILENT: facts(Fraction(25), channels=0)}
    )
    root = read_xml(as_fcpxml(edits))
    assert problems_of(root) == []
    grid = {each.get("id"): each.get("frameDuration") for each in root.iter("format")}
    sequence = next(root.iter("sequence"))
    frame = seconds(grid[sequence.get("format")])
    clips = list(root.iter("asset-clip"))
    place = seconds(sequence.get("tcStart"))
    for clip in clips:
        assert seconds(clip.get("offset")) == place
        assert (seconds(clip.get("duration")) / frame).denominator == 1
        assert (seconds(clip.get("start")) / seconds(grid[clip.get("format")])).denominator == 1
        place += seconds(clip.get("duration"))
    assert place - seconds(sequence.get("tcStart")) == seconds(sequence.get("duration"))
    assert clips[0].get("audioRole") == "dialogue"
    assert clips[2].get("audioRole") is None
    dog, cat, silent = root.iter("asset")
    assert (dog.get("hasAudio"), cat.get("hasAudio"), silent.get("hasAudio")) == ("1", "1", None)
    assert seconds(clips[0].get("start")) - seconds(dog.get("start")) == pytest.approx(10, abs=float(frame))


def seconds(text: str | None) -> Fraction:
    """A time of FCPXML."""
    assert text is not None
    assert re.fullmatch(r"\d+(/\d+)?s", text)
    return Fraction(text[:-1])


def test_an_fcpxml_escapes_and_places_what_it_names() -> None:
    root = read_xml(as_fcpxml(mixed()))
    assert [asset.get("src") for asset in root.iter("asset")] == [
        media_address(path) for path in (DOG, CAT, SILENT)
    ]
    assert next(root.iter("marker")).get("value") == "a <dog> & “friends”"
    assert next(root.iter("sequence")).get("tcFormat") == "DF"
    (conform,) = root.iter("conform-rate")
    assert conform.attrib == {"scaleEnabled": "0", "srcFrameRate": "25"}
    hostile = moment(DOG, 0, 1, query="a\x00b\ufffe\ud800c")
    read_xml(as_fcpxml(edits_of({DOG: facts(NTSC)}, (hostile,))))


def test_xmeml_links_the_sound_and_names_each_file_once() -> None:
    root = read_xml(as_xmeml(mixed()))
    assert root.get("version") == "5"
    video, first, second = root.iter("track")
    clips = {item.get("id"): item for item in root.iter("clipitem")}
    assert [len(track) for track in (video, first, second)] == [3, 2, 2]
    for item in clips.values():
        linked = [link.findtext("linkclipref") for link in item.findall("link")]
        assert item.get("id") in linked
        assert {clips[each].find("file").get("id") for each in linked} == {item.find("file").get("id")}  # type: ignore[union-attr]
        assert item.find("file").get("id")  # type: ignore[union-attr]
    paths = [each.text for each in root.iter("pathurl")]
    assert paths == [f"file://localhost{media_address(path)[7:]}" for path in (DOG, CAT, SILENT)]
    assert root.findtext("sequence/rate/ntsc") == "TRUE"
    assert root.findtext("sequence/timecode/displayformat") == "DF"
    assert [item.findtext("end") for item in video][-1] == root.findtext("sequence/duration")
    timeline = otio.adapters.read_from_string(ET.tostring(root, encoding="unicode"), "fcp_xml")
    assert len(timeline.video_tracks()[0]) == 3


def test_real_files_come_onto_a_timeline(tmp_path: Path) -> None:
    video = make_video(tmp_path / "a b.mp4", [Scene("red", 3)], rate=25, audio=True)
    away = moment(tmp_path / "away.mp4", 1, 2, duration=9.0, frame_rate=29.97, has_sound=True)
    for kind, suffix in ((ExportKind.OTIO, "otio"), (ExportKind.XMEML, "xml"), (ExportKind.EDL, "edl")):
        report = Export(request(kind, tmp_path / "out", moment(video, 1, 2), away)).run()
        assert [file.path.suffix for file in report.files] == [f".{suffix}"]
    timeline = otio.adapters.read_from_file(str(tmp_path / "out" / "a red square.otio"))
    here, gone = clips_of(timeline.tracks[0])
    assert here.media_reference.target_url == media_address(video)
    assert here.source_range.start_time == otio.opentime.RationalTime(25, 25)
    assert gone.source_range.duration.rate == pytest.approx(float(NTSC)), "as the library remembers it"
