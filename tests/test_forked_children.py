"""How the end of a forked process is heard of, however late somebody listens."""

import os

from tests.forked_children import ForkedProcess


def told(*pieces: bytes) -> ForkedProcess:
    """A process of which this is told, one piece before anybody listens."""
    reading, writing = os.pipe()
    os.write(writing, pieces[0])
    process = ForkedProcess(["it"], reading)
    for piece in pieces[1:]:
        os.write(writing, piece)
    os.close(writing)
    return process


def test_one_that_ended_before_anybody_listened_has_its_id_and_its_code() -> None:
    for process in (told(b"12 256 "), told(b"12 ", b"256 ")):
        assert (process.pid, process.wait(5), process.poll()) == (12, 1, 1)
    assert told(b"12 9 ").wait(5) == -9
