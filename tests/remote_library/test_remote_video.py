"""A video of a server: read in parts, each once, ahead of who reads on, and never more than is kept."""

import threading
from itertools import pairwise

import pytest

from app.errors import ReelfindError
from app.remote_library import remote_video
from app.remote_library.remote_video import AHEAD, BLOCK, RemoteVideo
from tests.conftest import wait_until

CONTENT = bytes(range(256)) * (50 * BLOCK // 256) + b"the end"


class Ranges:
    """Gives parts of `CONTENT`, and remembers which."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.versions: list[str] = []
        self.refusal = ""
        self.lock = threading.Lock()

    def read(self, offset: int, size: int, version: str) -> tuple[int, str, bytes]:
        with self.lock:
            self.asked.append((offset, size))
            self.versions.append(version)
        if self.refusal:
            raise ReelfindError(self.refusal)
        return len(CONTENT), '"one"', CONTENT[offset : offset + size]


def read_ahead_ends(video: RemoteVideo) -> bool:
    return wait_until(lambda: video._reader is None)


def test_bytes_are_those_of_the_file_wherever_they_are_read() -> None:
    video = RemoteVideo(Ranges().read)
    assert video.size() == len(CONTENT)
    for offset, size in [(0, 10), (BLOCK - 3, 7), (3 * BLOCK, 2 * BLOCK + 1), (len(CONTENT) - 4, 100)]:
        assert video.read(offset, size) == CONTENT[offset : offset + size]
    assert video.read(len(CONTENT) + 5, 10) == b""
    video.close()


def test_a_jump_reads_one_block_and_the_same_is_not_read_twice() -> None:
    ranges = Ranges()
    video = RemoteVideo(ranges.read)
    video.read(0, 100)
    video.read(40 * BLOCK, 100)
    video.read(50, 100)
    video.read(40 * BLOCK + 20, 100)
    assert ranges.asked == [(0, BLOCK), (40 * BLOCK, BLOCK)]
    assert video.bytes_read == 2 * BLOCK


def test_the_version_that_came_first_is_asked_for_from_then_on() -> None:
    ranges = Ranges()
    video = RemoteVideo(ranges.read)
    video.read(0, 1)
    video.read(9 * BLOCK, 1)
    assert ranges.versions == ["", '"one"']


def test_who_reads_on_has_the_next_blocks_read_ahead_and_no_more() -> None:
    ranges = Ranges()
    video = RemoteVideo(ranges.read)
    for number in range(4):
        assert video.read(number * BLOCK, BLOCK) == CONTENT[number * BLOCK : (number + 1) * BLOCK]
    assert read_ahead_ends(video)
    covered = sorted(ranges.asked)
    assert all(first[0] + first[1] == later[0] for first, later in pairwise(covered)), "each byte once"
    assert sum(size for _, size in covered) <= (4 + AHEAD) * BLOCK
    count = len(ranges.asked)
    video.read(4 * BLOCK, BLOCK)
    assert read_ahead_ends(video)
    assert (4 * BLOCK, BLOCK) not in ranges.asked[count:], "it was there already"
    video.close()


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_video, "KEPT", 24)
    video = RemoteVideo(Ranges().read)
    for number in range(45):
        video.read(number * BLOCK, 10)
    assert read_ahead_ends(video)
    assert len(video._blocks) <= 24
    video.close()


def test_an_outage_is_told_to_who_asks_and_ends_with_it() -> None:
    ranges = Ranges()
    video = RemoteVideo(ranges.read)
    video.read(0, 1)
    ranges.refusal = "The server is away."
    with pytest.raises(ReelfindError, match="away"):
        video.read(5 * BLOCK, 10)
    assert video.read(5, 10) == CONTENT[5:15], "what is there stays"
    ranges.refusal = ""
    assert video.read(5 * BLOCK, 10) == CONTENT[5 * BLOCK : 5 * BLOCK + 10]
