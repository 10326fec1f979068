"""The contract that scripts rely on: commands, JSON, exit codes, one sentence per error."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.engines.scorer_names import SCORERS
from app.settings import VERSION, Settings
from tests.cli.little_library import use_colours
from tests.forked_program import run_program
from tests.made_once import made_once
from tests.videos import make_video

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 40), (30, 40, 220)

Reelfind = Callable[..., subprocess.CompletedProcess[str]]


def make_videos(folder: Path) -> Path:
    folder.mkdir()
    make_video(folder / "first red.mp4", [(RED, 4), (BLUE, 4)])
    make_video(folder / "green.mp4", [(GREEN, 3)])
    return folder


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    return make_videos(tmp_path / "my videos")


@pytest.fixture(scope="module")
def library_of_videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which such videos are indexed; they lie beside it."""

    def make(root: Path) -> None:
        use_colours(root / "library")
        run_program(["index", make_videos(root / "my videos"), "--library", root / "library"], check=True)

    return made_once(tmp_path_factory, "library of videos", make) / "library"


@pytest.fixture
def little(tmp_path: Path) -> None:
    """The test's own library has a little model."""
    use_colours(tmp_path / "library")


@pytest.fixture
def indexed(library_of_videos: Path, tmp_path: Path) -> Path:
    """The folder of the videos that the test's own library knows; it belongs to all tests."""
    shutil.copytree(library_of_videos, tmp_path / "library")
    return library_of_videos.with_name("my videos")


@pytest.fixture
def reelfind(tmp_path: Path) -> Reelfind:
    """Runs the installed command as a user would, on a library of its own, without a display."""
    hidden = {"DISPLAY", "QT_QPA_PLATFORM", "ORT_DISABLE_TELEMETRY"}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}

    def run(
        *arguments: str | Path,
        library: Path | None = tmp_path / "library",
        environment: dict[str, str] | None = None,
    ) -> Any:
        where = ["--library", str(library)] if library else []
        variables = {name: value for name, value in (inherited | (environment or {})).items() if value}
        return run_program([*arguments, *where], env=variables)

    return run


def test_from_a_folder_to_a_moment_in_one_command(reelfind: Reelfind, videos: Path) -> None:
    done = reelfind("search", "--in", videos, "--json", "a red picture")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == ["version", "query", "model", "scorer", "verdict", "notice", "took_ms", "results"]
    assert answer["query"] == "a red picture"
    assert answer["model"].startswith("pocket-")
    assert answer["scorer"] in SCORERS
    assert answer["verdict"] in {"good", "weak", "none"}
    assert list(answer["took_ms"]) == ["encode", "candidates", "rescore", "total"]
    assert all(value >= 0 for value in answer["took_ms"].values())
    assert {Path(result["path"]).name for result in answer["results"]} == {"first red.mp4", "green.mp4"}
    for rank, result in enumerate(answer["results"], start=1):
        assert list(result) == [
            *("rank", "path", "start", "end", "best", "score", "strength"),
            *("state", "copies", "thumbnail", "parts", "reasons"),
        ]
        assert result["rank"] == rank
        assert 0 <= result["start"] <= result["best"] <= result["end"] <= 8.1
        assert Path(result["thumbnail"]).read_bytes()[:4] == b"RIFF"
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.usefixtures("indexed")
def test_the_same_question_gives_the_same_answer(reelfind: Reelfind) -> None:
    answers = [json.loads(reelfind("search", "--json", "something blue").stdout) for _ in range(2)]
    assert answers[0]["results"] == answers[1]["results"]


@pytest.mark.usefixtures("little")
def test_folders_are_added_listed_indexed_and_removed(reelfind: Reelfind, videos: Path) -> None:
    assert json.loads(reelfind("folders", "--json").stdout) == []
    assert reelfind("add", videos).returncode == 0
    listed = json.loads(reelfind("folders", "--json").stdout)
    assert [(folder["path"], folder["videos"]) for folder in listed] == [(str(videos), 0)]

    events = [json.loads(line) for line in reelfind("index", "--json").stdout.splitlines()]
    quiet = {"progress", "lines_progress", "lines_read"}
    names = [event["event"] for event in events if event["event"] not in quiet]
    assert names[0] == "scan_finished"
    assert sorted(names[1:-1]) == ["video_indexed"] * 2 + ["video_started"] * 2
    assert names[-1] == "run_finished"
    assert json.loads(reelfind("folders", "--json").stdout)[0]["indexed"] == 2

    assert reelfind("remove", videos).returncode == 0
    assert json.loads(reelfind("folders", "--json").stdout) == []
    assert (videos / "green.mp4").exists()


@pytest.mark.usefixtures("little")
def test_index_takes_folders_and_says_how_many(reelfind: Reelfind, videos: Path) -> None:
    done = reelfind("index", videos)
    assert done.returncode == 0
    assert "2 videos indexed" in done.stdout


def test_the_library_option_works_before_the_command_too(reelfind: Reelfind, tmp_path: Path) -> None:
    done = reelfind("--library", tmp_path / "elsewhere", "folders", "--json", library=None)
    assert done.returncode == 0
    assert (tmp_path / "elsewhere" / "library.db").exists()


@pytest.mark.usefixtures("indexed")
def test_why_a_moment_was_found(reelfind: Reelfind) -> None:
    asked = reelfind("search", "--json", "--why", "1", "red -green")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    why = answer["why"]
    assert (why["rank"], why["problem"]) == (1, None)
    (step,) = why["steps"]
    assert list(step) == ["time", "area", "map", "parts"]
    assert step["time"] == answer["results"][0]["best"]
    assert [(part["text"], part["excluded"]) for part in step["parts"]] == [("red", False), ("green", True)]
    for grid in (step["map"], *(part["map"] for part in step["parts"])):
        assert [len(row) for row in grid] == [6] * 6
        assert all(0 <= value <= 1 for row in grid for value in row)
    told = reelfind("search", "--why", "1", "red -green").stdout
    assert "Why 1." in told
    assert "without green" in told
    beyond = reelfind("search", "--why", "99", "red")
    assert (beyond.returncode, beyond.stdout) == (2, "")
    assert "There is no moment 99" in beyond.stderr


@pytest.mark.usefixtures("little")
def test_a_search_below_a_watched_folder_stays_below_it(reelfind: Reelfind, videos: Path) -> None:
    (videos / "deep").mkdir()
    (videos / "green.mp4").rename(videos / "deep" / "green.mp4")
    reelfind("index", videos)
    answer = json.loads(reelfind("search", "--in", videos / "deep", "--json", "red").stdout)
    assert {Path(result["path"]).name for result in answer["results"]} == {"green.mp4"}


def test_settings_are_listed_shown_and_set(reelfind: Reelfind) -> None:
    listed = json.loads(reelfind("settings", "--json").stdout)
    assert {"version": VERSION, **listed} == Settings().to_json()
    assert reelfind("settings", "max_rate", "0.5").returncode == 0
    assert json.loads(reelfind("settings", "max_rate", "--json").stdout) == {"max_rate": 0.5}
    assert reelfind("settings", "qb_norm", "on").returncode == 0
    shown = reelfind("settings").stdout
    assert "max_rate = 0.5" in shown
    assert "qb_norm = on" in shown
    assert all(name in shown for name in Settings.about())
    assert reelfind("settings", "max_rate", "default").returncode == 0
    assert json.loads(reelfind("settings", "--json").stdout)["max_rate"] == 1.0


def test_a_scorer_is_used_once_or_set_for_good(reelfind: Reelfind, indexed: Path) -> None:
    def scorer(*arguments: str | Path) -> object:
        return json.loads(reelfind("search", *arguments, "--json", "red").stdout)["scorer"]

    assert scorer("--in", indexed, "--scorer", "gees") == "gees"
    before = scorer()
    assert reelfind("settings", "scorer", "max").returncode == 0
    assert scorer() == "max"
    assert reelfind("settings", "scorer", "default").returncode == 0
    assert scorer() == before
    assert before in reelfind("doctor", "--json").stdout


@pytest.mark.usefixtures("little")
def test_doctor_names_what_could_not_be_read_and_why(reelfind: Reelfind, videos: Path) -> None:
    (videos / "broken.mp4").write_text("this is no video")
    reelfind("index", videos)
    diagnosis = json.loads(reelfind("doctor", "--json").stdout)
    assert diagnosis["library"]["intact"] is True
    assert diagnosis["model"]["provider"] in {"CPU", "CUDA"}
    assert [Path(failure["path"]).name for failure in diagnosis["failures"]] == ["broken.mp4"]
    assert diagnosis["failures"][0]["reason"].endswith(".")
    assert "broken.mp4" in reelfind("doctor").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["search", "  "], 2, "nothing to look for"),
        (["search", "a dog"], 2, "library is empty"),
        (["search"], 2, "TEXT"),
        (["search", "a dog befor:2023"], 2, "did you mean before:?"),
        (["search", "a dog before:2023-02-30"], 2, "makes no sense"),
        (["search", "a dog city:lisbon"], 2, "use place: instead"),
        (["search", "a dog place:" + "x" * 100_000], 2, "too long"),
        (["search", "a dog" + " camera:x" * 33], 2, "at most 32 filters"),
        (["search", " >> ".join(["a"] * 5000)], 2, "too long"),
        (["search", " >> ".join(["a"] * 50)], 2, "at most 8 steps"),
        (["search", "x" * 100_000], 2, "too long"),
        (["search", "--in", "/no/such/folder", "a dog"], 2, "no folder"),
        (["search", "--image", "a.png", "--video", "b.mp4"], 2, "not for both"),
        (["search", "--image", "b.mp4"], 2, "is a video, not a picture"),
        (["search", "--crop", "0,0,50,50", "a dog"], 2, "no picture to take a part of"),
        (["search", "--image", "a.png", "--crop", "0,0,50"], 2, "no part of a picture"),
        (["search", "--image", "a.png", "--crop", "90,0,50,50"], 2, "no part of a picture"),
        (["search", "dog -like:a.png"], 2, "said in words"),
        (["search", "--limit", "0", "a dog"], 2, "limit"),
        (["search", "--why", "0", "a dog"], 2, "why"),
        (["search", "--scorer", "best", "a dog"], 2, "'best' is not one of"),
        (["settings", "colour"], 2, "no setting “colour”"),
        (["settings", "max_rate", "-1"], 2, "“-1” is not a valid value"),
        (["settings", "scorer", "best"], 2, "no scorer “best”"),
        (["settings", "model", "/no/such/folder"], 1, "no search model"),
        (["remove", "/no/such/folder"], 2, "not"),
        (["add"], 2, "FOLDERS"),
        (["frobnicate"], 2, "frobnicate"),
        (["gui"], 1, "no display"),
    ],
)
def test_a_mistake_gets_one_sentence_and_the_right_code(
    reelfind: Reelfind, arguments: list[str], code: int, sentence: str
) -> None:
    done = reelfind(*arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_mistake_in_a_query_is_shown_in_its_place(reelfind: Reelfind) -> None:
    done = reelfind("search", "a dog befor:2023 in the snow")
    assert done.stderr.splitlines()[1:] == ["  a dog befor:2023 in the snow", "        ^ column 7"]


def test_a_query_is_explained_without_a_library(reelfind: Reelfind, tmp_path: Path) -> None:
    assert reelfind(
        "search", "--explain", "a street without cars then a dog longer:1m"
    ).stdout.splitlines() == [
        'read as       "a street" -"cars" >> "a dog" longer:60s',
        "1. looks for     “a street”",
        "   without       “cars”",
        "2. looks for     “a dog”",
        "each within   60s of the one before, in one video",
        "only videos   of at least 60s",
    ]
    explained = json.loads(reelfind("search", "--explain", "--json", "2*dog + beach -in:work").stdout)
    assert explained["steps"] == [
        {
            "terms": [{"text": "dog", "weight": 2.0}, {"text": "beach", "weight": 1.0}],
            "without": [],
            "lines": [],
            "like": [],
        }
    ]
    assert explained["filters"] == [{"name": "in", "value": "work", "excluded": True}]
    assert reelfind("search", "--complete", "a dog in:").stdout == ""
    assert not (tmp_path / "library").exists()


@pytest.mark.usefixtures("indexed")
def test_every_form_of_a_query_finds_what_it_asks_for(reelfind: Reelfind) -> None:
    def found(query: str) -> list[dict[str, Any]]:
        done = reelfind("search", "--json", query)
        assert done.returncode == 0, done.stderr
        results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
        return results

    chain, *_ = found("a red picture >> a blue picture")
    assert Path(chain["path"]).name == "first red.mp4"
    first, second = chain["parts"]
    assert (
        chain["start"]
        == first["start"]
        < first["best"] + 0.1
        < second["best"]
        < chain["end"]
        == second["end"]
    )
    assert chain["best"] == first["best"]
    assert Path(second["thumbnail"]).exists()
    assert Path(found("no green")[0]["path"]).name == "first red.mp4"
    assert {Path(result["path"]).name for result in found("a picture name:GREEN")} == {"green.mp4"}
    assert {Path(result["path"]).name for result in found("a picture shorter:5s")} == {"green.mp4"}
    assert found('a picture in:"my videos" longer:1h') == []
    assert "No folder in this library" in reelfind("search", "a dog in:nowhere").stderr
    lines = reelfind("search", "--complete", "a dog in:my").stdout.splitlines()
    assert lines == ['in:"my videos"']
    assert "longer:\t" in reelfind("search", "--complete", "a dog lo").stdout
    assert "camera:\tfilmed with this camera" in reelfind("search", "--complete", "a dog cam").stdout
    assert reelfind("search", "--complete", "a dog place:").stdout == ""
    assert json.loads(reelfind("search", "--complete", "type:", "--json").stdout) == [
        {"text": "type:mp4", "help": ""}
    ]


def test_a_damaged_library_is_the_worlds_fault_and_said_so(reelfind: Reelfind, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "library.db").write_bytes(b"this is not a database, whatever it is" * 200)
    done = reelfind("folders")
    assert done.returncode == 1
    assert done.stderr.startswith("reelfind: ")
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("little")
def test_any_file_name_survives(reelfind: Reelfind, videos: Path) -> None:
    names = [b"<b>x&amp;.mp4", b"new\nline.mp4", b"-dash.mp4", b"bad \xff utf-8.mp4", "🐕 é.MP4".encode()]
    for number, name in enumerate(names, start=1):  # another content each: copies would be one answer
        padding = b"\0\0\0\x08free" * number
        (videos / os.fsdecode(name)).write_bytes((videos / "green.mp4").read_bytes() + padding)
    (videos / os.fsdecode(b"bad \xfe video.mp4")).write_bytes(b"no video")
    done = reelfind("search", "--in", videos, "--json", "--limit", "50", "green")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    named = [path for result in results for path in (result["path"], *result["copies"])]
    found = {os.fsencode(Path(path).name) for path in named}
    assert set(names) <= found
    shown = reelfind("search", "green", "--limit", "50")
    assert shown.returncode == 0
    assert "bad" in reelfind("doctor").stdout


@pytest.mark.usefixtures("little")
def test_nothing_is_written_outside_the_library(reelfind: Reelfind, videos: Path, tmp_path: Path) -> None:
    """ONNX Runtime's telemetry would leave a device identifier in the home folder and call its maker."""
    home = tmp_path / "home"
    home.mkdir()
    own = {"HOME": str(home), "XDG_CACHE_HOME": "", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "CI": ""}
    done = reelfind("search", "--in", videos, "something red", environment=own)
    assert done.returncode == 0, done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_help_needs_no_library_and_no_runtime(reelfind: Reelfind) -> None:
    code = (
        "import sys, app.cli.commands\n"
        "heavy = {'onnxruntime', 'av', 'cv2', 'hnswlib', 'PySide6', 'torch'} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    helped = reelfind("--help", library=None)
    assert all(
        command in helped.stdout
        for command in ("add", "folders", "remove", "index", "search", "settings", "doctor")
    )


@pytest.mark.usefixtures("indexed")
def test_a_search_loads_nothing_that_only_indexing_needs(tmp_path: Path) -> None:
    started_anew = [sys.executable, "-m", "app", "search", "something blue"]
    done = subprocess.run(
        [*started_anew, "--library", tmp_path / "library"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPROFILEIMPORTTIME": "1"},
        check=False,
    )
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert {"numpy.linalg", "onnxruntime", "sqlite_utils.db"} <= loaded
    assert sorted(loaded & {"av", "cv2", "watchdog", "onnx", "pandas", "numpy.ma", "PySide6"}) == []


def test_without_a_command_and_a_display_the_help_is_shown(reelfind: Reelfind) -> None:
    done = reelfind()
    assert done.returncode == 0
    assert "Usage:" in done.stdout
