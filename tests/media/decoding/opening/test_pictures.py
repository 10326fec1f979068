"""Which track of a file is the film, what lies under transparent pictures, and what is no video at all."""

import gc
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.errors import MediaError
from app.media.decoder import Decoder
from app.media.decoding.picture import FrameConverter, geometry, orientation
from app.media.decoding.sampling.views import SignatureReader
from app.media.frames import Frame, Sampling
from tests.videos import Scene, make_transparent, make_video, mux_tracks


def read(decoder: Decoder, path: Path) -> list[Frame]:
    with decoder.open(path, Sampling()) as stream:
        frames = list(stream)
        assert stream.warning == ""
        return frames


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "mov"])
@pytest.mark.parametrize("film_first", [True, False])
def test_the_film_is_chosen_not_the_larger_still_beside_it(
    decoder: Decoder, tmp_path: Path, suffix: str, film_first: bool
) -> None:
    film = make_video(tmp_path / "film.mp4", [Scene("red", 4, "stripes")], size=(320, 240), rate=30)
    still = make_video(tmp_path / "still.mp4", [Scene("grey", 1)], size=(1024, 768), rate=1)
    tracks = (film, still) if film_first else (still, film)
    path = mux_tracks(tmp_path / f"v.{suffix}", *tracks)
    assert decoder.probe(path).width == 320
    assert len(read(decoder, path)) >= 4


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_preview_of_the_same_length_is_not_the_film(decoder: Decoder, tmp_path: Path, suffix: str) -> None:
    film = make_video(tmp_path / "film.mp4", [Scene("red", 4, "stripes")], size=(320, 240), rate=10)
    preview = make_video(
        tmp_path / "p.mov", [Scene("grey", 4)], size=(640, 480), rate=10, codec="mjpeg", pix_fmt="yuvj420p"
    )
    assert decoder.probe(mux_tracks(tmp_path / f"v.{suffix}", preview, film)).codec == "h264"


def test_of_two_films_the_larger_is_chosen(decoder: Decoder, tmp_path: Path) -> None:
    small = make_video(tmp_path / "s.mp4", [Scene("red", 4)], size=(160, 120), rate=10)
    large = make_video(tmp_path / "l.mp4", [Scene("red", 4)], size=(320, 240), rate=10)
    assert decoder.probe(mux_tracks(tmp_path / "v.mp4", small, large)).width == 320


@pytest.mark.parametrize(
    ("suffix", "codec", "pix_fmt"),
    [
        ("mov", "qtrle", "argb"),
        ("mov", "png", "rgba"),
        ("mov", "prores_ks", "yuva444p10le"),
        ("mkv", "ffv1", "bgra"),
        ("webm", "libvpx", "yuva420p"),
        ("webm", "libvpx-vp9", "yuva420p"),
        ("apng", "apng", "rgba"),
    ],
)
def test_a_transparent_picture_lies_on_plain_grey_and_its_hidden_colour_never_shows(
    decoder: Decoder, tmp_path: Path, suffix: str, codec: str, pix_fmt: str
) -> None:
    frames = read(decoder, make_transparent(tmp_path / f"v.{suffix}", codec, pix_fmt))
    assert len(frames) >= 3
    for frame in frames:
        thumbnail = cv2.imdecode(np.frombuffer(frame.thumbnail, np.uint8), cv2.IMREAD_COLOR)
        assert thumbnail is not None
        for picture in (frame.image, thumbnail[..., ::-1]):
            height, width, _ = picture.shape
            assert picture[: height // 5].reshape(-1, 3).mean(axis=0) == pytest.approx([128] * 3, abs=4)
            middle = picture[height // 2 - 5 : height // 2 + 5, width // 2 - 5 : width // 2 + 5]
            assert middle.reshape(-1, 3).mean(axis=0) == pytest.approx([255, 0, 0], abs=25)
            green = picture.astype(int)[..., 1] - picture.astype(int).max(
                axis=2, where=[True, False, True], initial=0
            )
            assert green.max() < 40


def test_the_unused_byte_of_uncompressed_avi_is_no_transparency(decoder: Decoder, tmp_path: Path) -> None:
    frames = read(decoder, make_transparent(tmp_path / "v.avi", "rawvideo", "bgra"))
    assert frames[0].image[:20].reshape(-1, 3).mean(axis=0) == pytest.approx([0, 255, 0], abs=4)


@pytest.mark.parametrize(("size", "count"), [((320, 240), 1), ((1, 1), 5), ((8, 8), 5)])
def test_icons_and_single_pictures_are_no_videos(
    decoder: Decoder, tmp_path: Path, size: tuple[int, int], count: int
) -> None:
    path = make_video(
        tmp_path / "v.gif", [Scene("red", count / 10, "still")], size=size, codec="gif", pix_fmt="rgb8"
    )
    with pytest.raises(MediaError, match="This is a picture, not a video"):
        decoder.probe(path)


def test_a_jpeg_that_is_named_like_a_video_is_no_video(decoder: Decoder, tmp_path: Path) -> None:
    _, data = cv2.imencode(".jpg", np.full((240, 320, 3), 99, np.uint8))
    (tmp_path / "v.mp4").write_bytes(data.tobytes())
    with pytest.raises(MediaError, match="This is a picture, not a video"):
        decoder.probe(tmp_path / "v.mp4")


def test_a_small_or_single_frame_in_a_video_format_is_a_video(decoder: Decoder, tmp_path: Path) -> None:
    assert len(read(decoder, make_video(tmp_path / "s.mp4", [Scene("red", 2)], size=(16, 16)))) == 3
    assert len(read(decoder, make_video(tmp_path / "o.mp4", [Scene("red", 0.1)]))) == 1


def test_no_frame_is_held_once_it_was_looked_at(tmp_path: Path) -> None:
    """A frame whose side data was read belongs to a cycle: decoders grew to gigabytes."""
    path = make_video(tmp_path / "v.mp4", [Scene("red", 2)], rotation=90)
    gc.collect()
    gc.disable()
    try:
        with av.open(str(path)) as container:
            looker, painter, turned = SignatureReader(), FrameConverter(Sampling()), None
            for frame in container.decode(video=0):
                turned = turned or orientation(frame)
                shape = geometry(frame, None, turned)
                looker.look(frame)
                painter.image(frame, shape)
        del frame
        assert sum(type(thing).__name__ == "SideDataContainer" for thing in gc.get_objects(generation=0)) <= 1
    finally:
        gc.enable()
