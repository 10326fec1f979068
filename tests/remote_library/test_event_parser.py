"""What a server says as it happens: read in any pieces, and nonsense passed over."""

import pytest

from app.catalogue.deltas import Delta
from app.remote_library.event_follower import EventParser, Happening

CHANGED = b'event: changed\ndata: {"findable": true, "kept": false, "folders": true, "revision": 4}\n\n'


def heard(*pieces: bytes) -> list[Happening]:
    found: list[Happening] = []
    parser = EventParser(found.append)
    for piece in pieces:
        parser.feed(piece)
    return found


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_events_are_read_however_they_are_cut(size: int) -> None:
    stream = b": still here\n\n" + CHANGED + b'event: indexing\r\ndata: {"running": true}\r\n\r\n'
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert heard(*pieces) == [
        Happening(Delta(None, findable=True, kept=False)),
        Happening(indexing=True),
    ]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"event: changed\ndata: nothing\n\n",
        b"event: changed\ndata: []\n\n",
        b'event: changed\ndata: {"findable": "yes"}\n\n',
        b"event: unheard of\ndata: {}\n\n",
        b"\xff\xfe\x00\n\n",
        b"data: " + b"x" * (70 << 10) + b"\n\n",
        (b"data: " + b"y" * (60 << 10) + b"\n") * 4 + b"\n",
        b"event: changed\ndata: " + b"[" * 50_000 + b"\n\n",
    ],
)
def test_nonsense_is_passed_over_and_what_follows_is_heard(nonsense: bytes) -> None:
    assert heard(nonsense, CHANGED) == [Happening(Delta(None, findable=True, kept=False))]


def test_a_line_without_end_is_not_kept() -> None:
    parser = EventParser(lambda _: None)
    for _ in range(100):
        parser.feed(b"x" * (10 << 10))
    assert len(parser._rest) <= 64 << 10
