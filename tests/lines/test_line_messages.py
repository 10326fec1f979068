"""Lines come from a child that read foreign files: whatever it sends, lines come out or nothing."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lines.line import Line
from app.lines.line_messages import LONGEST_LINE, MOST_LINES, lines_of, to_blob
from app.processes.wire import WireError

GOOD = [1.0, 2.0, "two words", "en", [1.0, 1.5]]


def test_what_is_written_is_read() -> None:
    lines = (Line(0.0, 1.5, "über 你好"), Line(1.0, 2.0, "two words", "en", (1.0, 1.5)))
    assert lines_of(to_blob(lines)) == lines


def test_as_many_lines_are_written_as_are_read() -> None:
    assert len(lines_of(to_blob([Line(0.0, 1.0, "x")] * (MOST_LINES + 1)))) == MOST_LINES
    assert 0 < len(lines_of(to_blob([Line(0.0, 1.0, "x" * LONGEST_LINE)] * 3000))) < 3000


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *[(0, -1), (0, "1"), (0, True), (0, 1e9), (0, 3.0), (1, None), (1, float("nan")), (2, ""), (2, " ")],
        *[(2, 5), (2, "a\nb"), (2, "\ud800"), (2, "x" * (LONGEST_LINE + 1)), (3, "English"), (3, None)],
        *[(4, [1.0]), (4, [1.5, 1.0]), (4, [1.0, "2"]), (4, None)],
    ],
)
def test_a_line_that_is_none_is_refused(place: int, value: object) -> None:
    row = [*GOOD[:place], value, *GOOD[place + 1 :]]
    with pytest.raises(WireError):
        lines_of(json.dumps([row]).encode())


@settings(max_examples=settings.default.max_examples // 4)
@given(
    st.binary() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_lines_or_refused(blob: bytes) -> None:
    with contextlib.suppress(WireError):
        assert all(isinstance(line, Line) for line in lines_of(blob))
