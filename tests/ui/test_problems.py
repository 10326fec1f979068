"""The headline over the problems counts what failed and what is incomplete."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.library.records import Video, VideoState
from app.ui.problems import brief_headline, headline

FAILED = Video(1, 1, Path("a.mp4"), 1, 1, None, VideoState.FAILED, True, "It is empty.", "", None)
PARTLY = replace(FAILED, state=VideoState.INDEXED, reason="Only the first 2 s could be read.")


@pytest.mark.parametrize(
    ("videos", "text"),
    [
        ([FAILED], "1 file could not be read"),
        ([FAILED, FAILED, PARTLY], "2 files could not be read, 1 only in part"),
        ([PARTLY], "1 file could be read in part only"),
    ],
)
def test_the_headline_counts_both_kinds(videos: list[Video], text: str) -> None:
    assert headline(videos, lambda words: words) == text


def test_the_side_panel_has_room_for_the_brief_headline() -> None:
    assert brief_headline([FAILED, PARTLY], lambda words: words) == "2 files with problems"
