"""Tables of scorers: figures, intervals, Markdown, pictures."""

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from models.evaluate.plots import draw_recall_at_1, draw_recall_curves
from models.evaluate.table import DIRECTIONS, ScoreTable, score_table
from models.metrics import figures, text_to_video

PNG = b"\x89PNG\r\n\x1a\n"
OWNERS = np.repeat(np.arange(30), 2)


def noisy(noise: float) -> np.ndarray:
    """Similarities in which the right video stands out, more or less."""
    draw = np.random.default_rng(5)
    return np.eye(30)[OWNERS] + noise * draw.normal(size=(60, 30))


@pytest.fixture(scope="module")
def table() -> ScoreTable:
    return score_table({"sharp": lambda: noisy(0.1), "dull": lambda: noisy(1.5)}, OWNERS, resamples=60)


def test_rows_keep_their_order_and_their_figures(table: ScoreTable) -> None:
    assert [row.name for row in table.rows] == ["sharp", "dull"]
    assert table.rows[0].text_to_video.figures.recall_at_1 == 100
    assert table.rows[1].text_to_video.figures == figures(text_to_video(noisy(1.5), OWNERS))


def test_intervals_hold_the_figure_and_close_where_nothing_varies(table: ScoreTable) -> None:
    for direction in DIRECTIONS:
        dull = table.rows[1].of(direction)
        assert dull.interval.low.mean_rank < dull.figures.mean_rank < dull.interval.high.mean_rank
        sharp = table.rows[0].of(direction)
        assert sharp.interval.low == sharp.interval.high == sharp.figures


def test_markdown_has_a_row_per_scorer(table: ScoreTable) -> None:
    lines = table.markdown("text to video", heading="head").splitlines()
    assert lines[0] == "| head | R@1 | R@5 | R@10 | MdR | MnR | mAP | nDCG@10 |"
    assert set(lines[1]) == {"|", "-"}
    assert lines[1].count("|") == lines[0].count("|")
    assert lines[2] == (
        "| sharp | 100.0 [100.0–100.0] | 100.0 [100.0–100.0] | 100.0 [100.0–100.0] | 1 [1–1] | 1.0 [1.0–1.0] "
        "| 100.0 [100.0–100.0] | 100.0 [100.0–100.0] |"
    )
    plain = table.markdown("video to text", intervals=False).splitlines()
    assert plain[2] == "| sharp | 100.0 | 100.0 | 100.0 | 1 | 1.0 | 100.0 | 100.0 |"


def test_a_scorer_is_asked_only_when_its_row_is_due() -> None:
    asked: list[str] = []

    def scorer(name: str) -> np.ndarray:
        asked.append(name)
        return noisy(0.1)

    done: list[str] = []
    score_table(
        {"a": lambda: scorer("a"), "b": lambda: scorer("b")},
        OWNERS,
        resamples=2,
        report=lambda line: done.append(f"{line[0]} after {asked[-1]}"),
    )
    assert done == ["a after a", "b after b"]


def test_a_similarity_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        score_table({"broken": lambda: np.full((60, 30), math.nan)}, OWNERS)


def test_pictures_are_written(table: ScoreTable, tmp_path: Path) -> None:
    for draw in (draw_recall_at_1, draw_recall_curves):
        path = tmp_path / "new" / f"{draw.__name__}.png"
        draw(table, path)
        assert path.read_bytes().startswith(PNG)
        assert [file.suffix for file in path.parent.iterdir()].count(".part") == 0
