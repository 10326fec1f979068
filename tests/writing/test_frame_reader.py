"""One frame after the other: looked at closely only where something new may be written."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.errors import ReelfindError
from app.runtime.plain_graph import open_plain_graph
from app.writing.looking.detector import Detector
from app.writing.looking.frame_reader import CLOSE_LOOK, FrameReader
from app.writing.looking.recogniser import Recogniser
from app.writing.models import find_models
from benchmarks.written_videos import Text, draw


class CountingDetector(Detector):
    """The real one, which remembers at what size it looked."""

    sides: list[int]

    def heat(self, image: NDArray[np.uint8], short_side: int) -> NDArray[np.float32]:
        """See `Detector.heat`."""
        self.sides.append(short_side)
        return super().heat(image, short_side)


@pytest.fixture(scope="module")
def networks() -> tuple[CountingDetector, Recogniser]:
    try:
        models = find_models()
    except ReelfindError as absent:
        pytest.skip(str(absent))
    detector = CountingDetector(open_plain_graph(models.detection, threads=1))
    return detector, Recogniser(open_plain_graph(models.recognition, threads=1))


def picture(*texts: Text, size: tuple[int, int] = (1280, 720)) -> NDArray[np.uint8]:
    """(H, W, 3) BGR."""
    drawn = Image.new("RGB", size, (70, 90, 110))
    for text in texts:
        draw(drawn, text, 0.0)
    return np.ascontiguousarray(np.asarray(drawn)[..., ::-1])


def test_a_picture_that_stays_is_looked_at_once(networks: tuple[CountingDetector, Recogniser]) -> None:
    detector, recogniser = networks
    detector.sides = []
    reader = FrameReader(detector, recogniser)
    still = picture(Text("Library"))
    seen = reader.look(still, 0.0)
    assert seen is not None
    assert [piece.text for piece in seen] == ["Library"]
    looks = len(detector.sides)
    assert all(reader.look(still, float(second)) is None for second in range(1, 20))
    assert len(detector.sides) == looks


def test_a_text_that_stays_is_not_looked_at_closely_again(
    networks: tuple[CountingDetector, Recogniser],
) -> None:
    detector, recogniser = networks
    detector.sides = []
    reader = FrameReader(detector, recogniser)
    for second in range(4):
        frame = picture(Text("Library"))
        frame[400:600, 150 * second : 150 * second + 200] = 200  # something passes below it
        seen = reader.look(frame, float(second))
        assert seen is not None
        assert [piece.text for piece in seen] == ["Library"]
    assert detector.sides.count(CLOSE_LOOK) == 1


def test_a_text_in_the_place_of_another_one_is_read(networks: tuple[CountingDetector, Recogniser]) -> None:
    detector, recogniser = networks
    detector.sides = []
    reader = FrameReader(detector, recogniser)
    read = [
        reader.look(picture(Text(words)), float(second))
        for second, words in enumerate(["Platform 9", "Platform 8", "Platform 8 and some more", ""])
    ]
    assert [[piece.text for piece in seen or ()] for seen in read] == [
        ["Platform 9"],
        ["Platform 8"],
        ["Platform 8 and some more"],
        [],
    ]


def test_pictures_of_any_shape_are_looked_at(networks: tuple[CountingDetector, Recogniser]) -> None:
    """One after the other, as a video may change its shape."""
    detector, recogniser = networks
    detector.sides = []
    reader = FrameReader(detector, recogniser)
    random = np.random.default_rng(0)
    for number, (width, height) in enumerate(
        [(16, 16), (4000, 16), (16, 4000), (12_000, 720), (333, 777), (1, 1)]
    ):
        noise = random.integers(0, 255, (height, width, 3), np.uint8)
        assert reader.look(noise, float(number)) is not None, (width, height)
    seen = reader.look(picture(Text("EXIT"), size=(720, 720)), 9.0)
    assert [piece.text for piece in seen or ()] == ["EXIT"]
