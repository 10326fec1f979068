"""With what, where and when a video was filmed, as its headers say; they are anybody's words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Cause, MediaError
from app.media.decoder import Decoder
from app.media.decoding.opening.tags import camera_of
from app.media.frames import Origin
from app.media.geography.coordinates import credible, from_iso_6709, from_numbers
from tests.videos import make_video

APPLE = "com.apple.quicktime."


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("+38.7223-009.1393+012.3/", (38.7223, -9.1393)),
        ("+38.7223-009.1393/", (38.7223, -9.1393)),
        ("+3843-00908/", (38 + 43 / 60, -9 - 8 / 60)),
        ("+3843.5-00908.25+5/", (38 + 43.5 / 60, -9 - 8.25 / 60)),
        ("-384320.5+0090821.5CRSWGS_84/", (-38 - 43 / 60 - 20.5 / 3600, 9 + 8 / 60 + 21.5 / 3600)),
        ("+38.7223-009.1393/Lisbon", (38.7223, -9.1393)),
        (" +38,7223-009,1393 ", (38.7223, -9.1393)),
        ("+48.8-2.3/", (48.8, -2.3)),
        ("-33.8688+151.2093+0.000/", (-33.8688, 151.2093)),
        ("+90+180/", (90, 180)),
    ],
)
def test_a_position_is_read_in_each_width(text: str, position: tuple[float, float]) -> None:
    assert from_iso_6709(text) == pytest.approx(position, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "38.7-9.1", "+38.7", "+91-009/", "+38-181/", "+00.0000+000.0000/", "+0.0001-0.0001/"),
        *("+3860-00908/", "+384360-0090821/", "+38722-009/", "+38.7223-0091393123/", "+38.-9./"),
        *("+38.7223-009.1393/" + "x" * 1000, "+1e5-009/", "+nan-009/", "٣٨٫٧", "+٣٨-٠٠٩/"),
    ],
)
def test_what_is_no_position_is_none(text: str) -> None:
    assert from_iso_6709(text) is None


@given(st.text() | st.from_regex(r"[+-][0-9.,]{0,9}[+-][0-9.,]{0,10}([+-][0-9.]{0,6})?/?"))
def test_any_text_is_a_position_or_none(text: str) -> None:
    found = from_iso_6709(text)
    assert found is None or found == credible(*found)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_is_written_is_read(latitude: float, longitude: float) -> None:
    wanted = credible(round(latitude, 4), round(longitude, 4))
    found = from_iso_6709(f"{latitude:+08.4f}{longitude:+09.4f}/")
    assert found == wanted or (found is not None and found == pytest.approx(wanted, abs=1e-4))


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_texts_are_a_position_or_none(one: str, other: str) -> None:
    found = from_numbers(one, other)
    assert found is None or found == credible(*found)


def test_letters_turn_numbers_round() -> None:
    assert from_numbers("33.8688 S", "151.2093° E") == (-33.8688, 151.2093)
    assert from_numbers("-33.8688", "151,2093") == (-33.8688, 151.2093)
    assert from_numbers("33.8688 E", "151.2093") is None


@pytest.mark.parametrize(
    ("suffix", "metadata", "origin"),
    [
        (".mov", {"make": "Apple", "model": "iPhone 12 Pro"}, Origin("Apple iPhone 12 Pro")),
        (".mov", {"location": "+38.7223-009.1393+012.300/"}, Origin("", 38.7223, -9.1393)),
        (".mp4", {"location": "+38.7223-009.1393/"}, Origin("", 38.7223, -9.1393)),
        (".3gp", {"location": "+38.7223-009.1393/"}, Origin("", 38.7223, -9.1393)),
        (
            ".mkv",
            {
                f"{APPLE}make": "Apple",
                f"{APPLE}model": "iPhone 15",
                f"{APPLE}location.ISO6709": "+48.8577+002.295/",
            },
            Origin("Apple iPhone 15", 48.8577, 2.295),
        ),
        (".mkv", {"com.android.manufacturer": "Google", "com.android.model": "Pixel 8"}, "Google Pixel 8"),
        (".mkv", {"com.android.version": "14"}, "Android"),
        (".mkv", {"make": "Canon", "model": "Canon EOS R5"}, "Canon EOS R5"),
        (".mkv", {"make": "NIKON CORPORATION", "model": "NIKON Z 6"}, "NIKON Z 6"),
        (".mkv", {"firmware": "HD8.01.02.51.00"}, "GoPro"),
        (".mkv", {"company_name": "Sony", "product_name": "PXW-Z90"}, "Sony PXW-Z90"),
        (".mkv", {"GPSLatitude": "38.7", "GPSLongitude": "9.1", "GPSLongitudeRef": "West"}, (38.7, -9.1)),
        (".mkv", {"location-eng": "+38.7-009.1/"}, (38.7, -9.1)),
        (".mkv", {"model": "  two\nlines\x07 and\u202e more  "}, "two lines and more"),
        (".mkv", {"model": "\u200b \u202e", "make": "-"}, ""),
        (".mkv", {"location": "+00.0000+000.0000/"}, ""),
        (".mkv", {"location": "+95.0000+000.0000/", "latitude": "12", "longitude": "13"}, (12.0, 13.0)),
        (".mkv", {"title": "iPhone 12 in Lisbon"}, Origin(title="iPhone 12 in Lisbon")),
        (
            ".mkv",
            {"title": " A\u202e trip ", "comment": "by\nboat", "keywords": "sea, sun"},
            Origin(title="A trip", description="by boat", keywords="sea, sun"),
        ),
    ],
)
def test_headers_tell_camera_and_position(
    decoder: Decoder,
    tmp_path: Path,
    suffix: str,
    metadata: dict[str, str],
    origin: Origin | str | tuple[float, float],
) -> None:
    if not isinstance(origin, Origin):
        origin = Origin(origin) if isinstance(origin, str) else Origin("", *origin)
    video = make_video(tmp_path / f"v{suffix}", [("red", 1.0)], metadata=metadata)
    assert decoder.tags(video) == (None, origin)
    assert decoder.probe(video).origin == origin


@pytest.mark.parametrize(
    ("key", "written", "created"),
    [
        (f"{APPLE}creationdate", "2023-05-14T10:20:30+0200", "2023-05-14T10:20:30+02:00"),
        ("DATE_RECORDED", "2023-05-14", "2023-05-14T00:00:00"),
        ("DateTimeOriginal", "2023:05:14 10:20:30", "2023-05-14T10:20:30"),
        ("DATE_RECORDED", "1904-01-01T00:00:00Z", None),
        ("DATE_RECORDED", "1970-01-01T00:00:00Z", None),
        ("DATE_RECORDED", "2036-02-07T06:28:16Z", None),
        ("DATE_RECORDED", "2023-13-45", None),
        ("DATE_RECORDED", "last summer" * 500, None),
    ],
)
def test_headers_tell_the_day(
    decoder: Decoder, tmp_path: Path, key: str, written: str, created: str | None
) -> None:
    video = make_video(tmp_path / "v.mkv", [("red", 1.0)], metadata={key: written})
    assert decoder.tags(video)[0] == created


def test_headers_that_cannot_be_read_are_the_files_fault(decoder: Decoder, tmp_path: Path) -> None:
    broken = tmp_path / "v.mp4"
    broken.write_bytes(b"no video at all")
    with pytest.raises(MediaError) as caught:
        decoder.tags(broken)
    assert caught.value.cause is Cause.FILE
    with pytest.raises(MediaError) as caught:
        decoder.tags(tmp_path / "gone.mp4")
    assert caught.value.cause is Cause.ENVIRONMENT


@given(st.lists(st.dictionaries(st.sampled_from(["make", "model", "encoder", "firmware"]), st.text())))
def test_a_camera_is_one_line(levels: list[dict[str, str]]) -> None:
    camera = camera_of(levels)
    assert camera == " ".join(camera.split())
    assert camera.isprintable()
    assert len(camera) <= 80
