"""Moments within a video: the published truth is read, and what is found is measured as it is published."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.errors import UsageError
from models.evaluate.moments import (
    MomentQuery,
    average_precision,
    main,
    moment_figures,
    overlap,
    read_found,
    read_truth,
    table,
)


def query(number: int, *windows: tuple[float, float]) -> MomentQuery:
    return MomentQuery(number, "a dog", "video", 150.0, np.array(windows, np.float64))


def test_the_published_truth_is_read(shared_data: Path) -> None:
    truth = read_truth(shared_data / "annotations" / "qvhighlights_highlight_val_release.jsonl")
    assert len(truth) == 1550
    assert truth[0].number == 2579
    assert truth[0].video == "NUsG9BgSes0_210.0_360.0"
    assert truth[0].windows.tolist() == [[82.0, 150.0]]
    perfect = {each.number: each.windows for each in truth}
    figures = moment_figures(truth, perfect)
    assert set(figures.recall.values()) == {100.0}
    assert figures.mean_precision == pytest.approx(100.0)


def test_intersection_over_union() -> None:
    found, right = np.array([[0.0, 10.0], [20.0, 30.0]]), np.array([[5.0, 15.0]])
    assert overlap(found, right).ravel() == pytest.approx([5 / 15, 0.0])


def test_recall_looks_at_the_first_and_precision_at_all() -> None:
    truth = [query(1, (0, 10), (50, 60)), query(2, (0, 10)), query(3, (0, 10))]
    found = {1: np.array([[0.0, 9.0], [50.0, 60.0]]), 2: np.array([[80.0, 90.0], [0.0, 10.0]])}
    figures = moment_figures(truth, found)
    assert figures.recall == pytest.approx({0.5: 100 / 3, 0.7: 100 / 3})
    assert figures.precision[0.5] == pytest.approx(100 * (1 + 0.5 + 0) / 3)
    assert figures.precision[0.95] == pytest.approx(100 * (0.25 + 0.5 + 0) / 3)
    assert "| 3 | 33.33 | 33.33 | 50.00 |" in table(figures)


def test_a_window_of_the_truth_is_found_once() -> None:
    twice = overlap(np.array([[0.0, 10.0], [0.0, 10.0]]), np.array([[0.0, 10.0], [50.0, 60.0]]))
    assert average_precision(twice, 0.5) == pytest.approx(0.5)


def test_what_was_found_is_ordered_by_score(tmp_path: Path) -> None:
    file = tmp_path / "found.jsonl"
    file.write_text(json.dumps({"qid": 7, "pred_relevant_windows": [[0, 5, 0.1], [8, 9, 0.9]]}) + "\n\n")
    assert read_found(file)[7].tolist() == [[8.0, 9.0], [0.0, 5.0]]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"qid": 1, "query": "a", "vid": "b", "duration": 3}', "relevant_windows"),
        ('{"qid": 1, "query": "a", "vid": "b", "duration": 3, "relevant_windows": []}', "no window"),
        ('{"qid": 1, "query": "a", "vid": "b", "duration": 3, "relevant_windows": [[5, 1]]}', "is none"),
        ('{"qid": "x", "query": "a", "vid": "b", "duration": 3, "relevant_windows": [[0, 1]]}', "qid"),
        ('{"qid": 1, "vid": "b", "duration": 3, "relevant_windows": [[0, 1]]}', "no query"),
    ],
)
def test_a_line_that_is_not_as_published_is_named(
    tmp_path: Path, line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "truth.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(UsageError, match=sentence):
        read_truth(file)
    assert main(["--truth", str(file), "--found", str(file)]) == 2
    assert "Line 1 of “truth.jsonl”" in capsys.readouterr().err
