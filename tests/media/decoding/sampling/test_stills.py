"""One picture out of a file: picture files, frames of videos at a moment, and what is neither."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.errors import MediaError
from app.media.area import Area
from app.media.decoder import Decoder
from app.media.frames import Sampling
from tests.videos import Scene, make_video


def picture(path: Path, *, size: tuple[int, int] = (90, 60), orientation: int | None = None) -> Path:
    """Left half red, right half blue; with an EXIF orientation where asked for."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2], image[:, width // 2 :] = (30, 30, 200), (200, 60, 40)
    assert cv2.imwrite(str(path), image)
    if orientation is not None:
        data = path.read_bytes()
        exif = (
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
            + bytes([0, orientation])
            + b"\0\0\0\0\0\0"
        )
        segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
        path.write_bytes(data[:2] + segment + data[2:])
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tiff"])
def test_a_picture_is_read_upright_and_in_its_colours(decoder: Decoder, tmp_path: Path, suffix: str) -> None:
    image = decoder.still(picture(tmp_path / f"-p@1.{suffix}"), short_side=60)
    assert image.shape == (60, 90, 3)
    assert np.abs(image[:, :40].mean((0, 1)) - (200, 30, 30)).max() < 6
    assert np.abs(image[:, 50:].mean((0, 1)) - (40, 60, 200)).max() < 6


def test_a_photo_taken_sideways_is_turned(decoder: Decoder, tmp_path: Path) -> None:
    image = decoder.still(picture(tmp_path / "p.jpg", orientation=6), short_side=60)
    assert image.shape == (90, 60, 3)
    assert image[:40].mean((0, 1))[0] > 150, "red is on top now"


def test_a_part_of_a_picture(decoder: Decoder, tmp_path: Path) -> None:
    path = picture(tmp_path / "p.png")
    image = decoder.still(path, area=Area(0.6, 0.0, 1.0, 0.5), short_side=200)
    assert image.shape == (30, 36, 3)
    assert image.mean((0, 1))[2] > 150


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.avi", "clip.gif"])
def test_any_sampled_frame_can_be_had_again(decoder: Decoder, tmp_path: Path, name: str) -> None:
    scenes = [Scene("red", 2), Scene("blue", 2.5, "stripes"), Scene("green", 1.5)]
    codec = "gif" if name.endswith("gif") else "libx264"
    pixels = "rgb8" if name.endswith("gif") else "yuv420p"
    path = make_video(tmp_path / name, scenes, gop=15, codec=codec, pix_fmt=pixels)
    with decoder.open(path, Sampling(short_side=120)) as stream:
        frames = list(stream)
    assert len(frames) >= 5
    for frame in reversed(frames):
        again = decoder.still(path, frame.time, area=frame.area, short_side=120)
        assert np.array_equal(again, frame.image), frame.time


def test_a_moment_between_and_behind_the_frames(decoder: Decoder, tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", [Scene("red", 2, "still"), Scene("blue", 2, "still")])
    assert decoder.still(path, 1.94, short_side=60).mean((0, 1))[0] > 150
    assert decoder.still(path, 2.06, short_side=60).mean((0, 1))[2] > 150
    assert decoder.still(path, 3.9, short_side=60).mean((0, 1))[2] > 150


def test_what_is_no_picture_is_said(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("red", 1)])
    with pytest.raises(MediaError, match="is a video, not a picture"):
        decoder.still(video, short_side=60)
    note = tmp_path / "note.jpg"
    note.write_text("no picture")
    with pytest.raises(MediaError, match="not a picture"):
        decoder.still(note, short_side=60)
    (tmp_path / "empty.png").touch()
    with pytest.raises(MediaError, match="empty"):
        decoder.still(tmp_path / "empty.png", short_side=60)
    with pytest.raises(MediaError, match="no longer there"):
        decoder.still(tmp_path / "gone.png", short_side=60)
    with pytest.raises(MediaError, match="not a regular file"):
        decoder.still(tmp_path, short_side=60)
    cut = tmp_path / "cut.png"
    cut.write_bytes(picture(tmp_path / "p.png").read_bytes()[:60])
    with pytest.raises(MediaError):
        decoder.still(cut, short_side=60)


def test_a_picture_cannot_make_the_decoder_read_another_file(decoder: Decoder, tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret.png")
    svg = tmp_path / "p.svg"
    image = f'<image href="{secret.as_uri()}" width="9" height="9"/>'
    svg.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{image}</svg>')
    playlist = tmp_path / "p.png"
    playlist.write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    for path in (svg, playlist):
        with pytest.raises(MediaError, match="not a picture"):
            decoder.still(path, short_side=60)


def test_the_decoder_goes_on_with_videos_after_a_still(decoder: Decoder, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene("red", 2)])
    for _ in range(2):
        decoder.still(picture(tmp_path / "p.png"), short_side=60)
        assert decoder.probe(video).width == 320
