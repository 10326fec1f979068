"""Queries asked of their own videos, over made videos with known moments."""

import json
from pathlib import Path

from click.testing import CliRunner

from benchmarks.moments.qvhighlights import main
from tests.videos import Scene, make_video


def test_each_query_is_asked_of_its_own_video(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    scenes = [
        Scene((200, 30, 30), 6, "stripes"),
        Scene((40, 60, 200), 6, "pan"),
        Scene((30, 170, 60), 6, "noise"),
    ]
    make_video(videos / "first_0.0_18.0.mp4", scenes, size=(160, 120), rate=4)
    make_video(videos / "second_0.0_18.0.mp4", scenes[::-1], size=(160, 120), rate=4)
    truth = [
        {"qid": 1, "query": "hills", "vid": "first_0.0_18.0", "duration": 18, "relevant_windows": [[6, 12]]},
        {
            "qid": 2,
            "query": "a -b name:x",
            "vid": "second_0.0_18.0",
            "duration": 18,
            "relevant_windows": [[0, 6]],
        },
        {"qid": 3, "query": "hills", "vid": "not here", "duration": 18, "relevant_windows": [[0, 6]]},
    ]
    file, found = tmp_path / "truth.jsonl", tmp_path / "found.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in truth))
    done = CliRunner().invoke(
        main,
        [
            *("--videos", str(videos), "--truth", str(file)),
            *("--found", str(found), "--library", str(tmp_path / "l")),
        ],
    )
    assert done.exit_code == 0, done.output
    assert "2 of 3 queries have their video here." in done.output
    answers = [json.loads(line) for line in found.read_text().splitlines()]
    assert [answer["qid"] for answer in answers] == [1, 2]
    assert all(
        0 <= start < end <= 18.5 for answer in answers for start, end, _ in answer["pred_relevant_windows"]
    )
    assert "| 2 |" in done.output
