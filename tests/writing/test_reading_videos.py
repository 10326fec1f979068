"""Text in videos becomes lines with their times."""

from collections.abc import Sequence
from pathlib import Path

import av
import pytest

from app.lines.line import Line, Source
from app.writing.writing_reader import WritingReader
from benchmarks.written_videos import Background, Text, drifting, make_written_video, plain

RIGHT_NOW = 1.01
"""A frame is looked at every second."""


def read(
    reader: WritingReader,
    folder: Path,
    texts: Sequence[Text],
    *,
    seconds: float = 6,
    background: Background | None = None,
    bars: int = 0,
    rotation: int = 0,
) -> list[Line]:
    video = make_written_video(
        folder / "v.mp4", texts, seconds=seconds, background=background, bars=bars, rotation=rotation, rate=2
    )
    return list(reader.read(video, progress=lambda _: None))


def shortened(video: Path, copy: Path, seconds: float) -> Path:
    """The picture of the first seconds of a video, packet by packet."""
    with av.open(str(video)) as source, av.open(str(copy), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None and packet.dts * packet.time_base < seconds:
                packet.stream = stream
                target.mux(packet)
    return copy


def said(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def test_a_sign_is_one_line_from_when_it_appears_to_when_it_is_gone(
    reader: WritingReader, tmp_path: Path
) -> None:
    (line,) = read(reader, tmp_path, [Text("Hotel Bellevue", 1, 3, plate=(10, 60, 120))], seconds=4)
    assert line.text == "Hotel Bellevue"
    assert line.start == pytest.approx(1, abs=RIGHT_NOW)
    assert line.end == pytest.approx(3, abs=RIGHT_NOW)
    assert reader.source is Source.WRITING


def test_small_letters_of_a_street_sign_are_read(reader: WritingReader, tmp_path: Path) -> None:
    sign = Text("Station Road 12", size=18, x=900, y=300, plate=(0, 80, 40))
    assert said(read(reader, tmp_path, [sign], seconds=1, background=drifting(1))) == ["Station Road 12"]


def test_rows_of_one_sign_are_one_line(reader: WritingReader, tmp_path: Path) -> None:
    rows = [Text("NO PARKING", x=300, y=300, size=50), Text("Sunday only", x=310, y=365, size=44)]
    assert said(read(reader, tmp_path, rows, seconds=2)) == ["NO PARKING Sunday only"]


def test_what_is_told_one_after_the_other_in_one_place_is_as_many_lines(
    reader: WritingReader, tmp_path: Path
) -> None:
    captions = [
        Text(words, number, number + 1, x=420, y=640, size=40, outline=True)
        for number, words in enumerate(
            ["Where are you going?", "Where are you staying?", "Platform 9", "Platform 8"]
        )
    ]
    lines = read(reader, tmp_path, captions, seconds=4, background=drifting(2))
    assert said(lines) == [caption.text for caption in captions]


def test_text_in_the_bars_beside_the_picture_is_read(reader: WritingReader, tmp_path: Path) -> None:
    sign = Text("To the ferry", x=450, y=650, size=36)
    lines = read(reader, tmp_path, [sign], seconds=1, background=drifting(3), bars=110)
    assert said(lines) == ["To the ferry"]


def test_a_text_that_moves_through_the_picture_stays_one_line(reader: WritingReader, tmp_path: Path) -> None:
    sign = Text("Castle Garden", moves=(120, 20), plate=(120, 20, 20))
    (line,) = read(reader, tmp_path, [sign], seconds=3, background=drifting(4))
    assert line.text == "Castle Garden"
    assert line.start == 0
    assert line.end == pytest.approx(3, abs=RIGHT_NOW)


def test_a_text_that_runs_through_the_picture_is_put_together(reader: WritingReader, tmp_path: Path) -> None:
    news = "the old bridge over the river was closed after rain"
    (line,) = read(reader, tmp_path, [Text(news, x=900, y=640, size=36, moves=(-300, 0))], seconds=4)
    assert line.text == news


def test_credits_that_rise_are_read_once(reader: WritingReader, tmp_path: Path) -> None:
    names = ["Anna Lindqvist", "Marcus Weber"]
    texts = [
        Text(name, x=400, y=520 + 200 * number, size=36, moves=(0, -160)) for number, name in enumerate(names)
    ]
    assert said(read(reader, tmp_path, texts, seconds=4, background=plain((10, 10, 10)))) == names


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_text_is_read(reader: WritingReader, tmp_path: Path, turned: int) -> None:
    assert said(read(reader, tmp_path, [Text("Theatre Royal", turned=turned, size=60)], seconds=2)) == [
        "Theatre Royal"
    ]


def test_mirrored_text_is_read(reader: WritingReader, tmp_path: Path) -> None:
    texts = [
        Text("Coffee Shop Open", mirrored=True, size=60),
        Text("Flowers and Books", mirrored=True, x=200, y=400),
    ]
    lines = read(reader, tmp_path, texts, seconds=1, background=drifting(5))
    assert said(lines) == ["Coffee Shop Open", "Flowers and Books"]


def test_a_video_that_is_stored_on_its_side_is_read_upright(reader: WritingReader, tmp_path: Path) -> None:
    lines = read(reader, tmp_path, [Text("Museum Harbour", size=60)], seconds=2, rotation=90)
    assert said(lines) == ["Museum Harbour"]


def test_chinese_is_read_and_named(reader: WritingReader, tmp_path: Path) -> None:
    (line,) = read(reader, tmp_path, [Text("中山出口", size=60)], seconds=2)
    assert (line.text, line.language) == ("中山出口", "zh")


def test_where_nothing_is_written_there_are_no_lines(reader: WritingReader, tmp_path: Path) -> None:
    assert read(reader, tmp_path, [], seconds=3, background=drifting(6)) == []


def test_how_far_it_is_is_told(reader: WritingReader, tmp_path: Path) -> None:
    video = make_written_video(tmp_path / "v.mp4", [], seconds=5, rate=2)
    reached: list[float] = []
    reader.read(video, progress=reached.append)
    assert reached == sorted(reached)
    assert reached[-1] >= 4


def test_real_clips_give_what_stands_in_them_and_nothing_else(
    reader: WritingReader, shared_data: Path, tmp_path: Path, nightly: bool
) -> None:
    """By day their first seconds only."""
    found = {
        name: said(
            reader.read(
                shortened(shared_data / "clips" / name, tmp_path / name, 600 if nightly else 1),
                progress=lambda _: None,
            )
        )
        for name in ("015_toddler_book.mp4", "068_tractor.webm", "067_tea_pour.mp4")
    }
    assert found == {
        "015_toddler_book.mp4": ["clideo.com"],
        "068_tractor.webm": ["VP9"],
        "067_tea_pour.mp4": [],
    }
