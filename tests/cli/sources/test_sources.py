"""`reelfind sources`, `index --sources` and what `doctor` says of them, as scripts and people see it."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.little_library import use_colours
from tests.cli.test_schemas import schema_of, undescribed
from tests.forked_program import run_program
from tests.videos import make_video

SRT = "1\n00:00:00,500 --> 00:00:01,500\n{}\n"

Reelfind = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos, one with good and one with bad subtitles."""
    root = tmp_path_factory.mktemp("sources")
    make_video(root / "a.mp4", [("red", 2)])
    make_video(root / "b.mp4", [("blue", 2)])
    (root / "a.de.srt").write_text(SRT.format("Guten Tag"))
    (root / "b.srt").write_bytes(b"none at all")
    use_colours(root / "library")
    done = reelfind(root / "library", "index", root)
    assert done.returncode == 0, done.stderr
    assert "Subtitles of 1 video read: 1 line." in done.stdout
    assert (
        "b.mp4: subtitles not read. The subtitles beside the video (“b.srt”) cannot be read." in done.stderr
    )
    return root / "library"


def reelfind(library: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    hidden = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return run_program([*words, "--library", library], env=hidden)


def listed(library: Path, *words: str) -> dict[str, dict[str, object]]:
    content = json.loads(reelfind(library, "sources", "--json", *words).stdout)
    schema = schema_of("sources")
    Draft202012Validator(schema).validate(content)
    assert not list(undescribed(content, schema, schema))
    return {state["name"]: state for state in content["sources"]}


def test_each_source_is_listed_with_its_state(library: Path) -> None:
    found = listed(library)
    assert list(found)[:2] == ["names", "subtitles"]
    subtitles = found["subtitles"]
    assert (subtitles["on"], subtitles["ready"], subtitles["problem"]) == (True, True, "")
    assert [subtitles[name] for name in ("done", "failed", "pending", "lines")] == [1, 1, 0, 1]
    [failure] = subtitles["failures"]  # type: ignore[misc]
    assert (Path(failure["path"]).name, failure["cause"]) == ("b.mp4", "file")
    said = reelfind(library, "sources").stdout
    assert "subtitles  1 line of 1 video, 1 not readable  (subtitles 1)" in said
    assert "Of these files the subtitles could not be read:" in said


def test_doctor_says_so_too(library: Path) -> None:
    done = reelfind(library, "doctor", "--json")
    assert done.returncode == 0, "nothing needs a person"
    content = json.loads(done.stdout)
    assert {state["name"]: state for state in content["sources"]} == listed(library)
    assert "subtitles not read" in {finding["kind"] for finding in content["findings"]}
    assert "The subtitles of 1 video could not be read." in reelfind(library, "doctor").stdout


def test_a_source_is_turned_off_and_on(library: Path) -> None:
    assert listed(library, "subtitles", "off")["subtitles"]["on"] is False
    assert (
        "off; 1 line kept. Turn it on with: reelfind sources subtitles on"
        in reelfind(library, "sources", "subtitles").stdout
    )
    assert listed(library, "subtitles", "on")["subtitles"]["on"] is True


def test_what_was_read_can_be_forgotten_and_read_again(library: Path) -> None:
    found = listed(library, "subtitles", "--forget")["subtitles"]
    assert [found[name] for name in ("done", "pending", "lines")] == [0, 2, 0]
    done = reelfind(library, "index", "--sources", "none", "--json")
    assert "lines_read" not in done.stdout
    events = [json.loads(line) for line in reelfind(library, "index", "--json").stdout.splitlines()]
    [read] = [event for event in events if event["event"] == "lines_read"]
    assert (read["source"], read["lines"]) == ("subtitle", 1)
    [failed] = [event for event in events if event["event"] == "lines_failed"]
    assert failed["cause"] == "file"


def test_what_failed_is_tried_again_when_asked(library: Path) -> None:
    done = reelfind(library, "index", "--retry")
    assert "b.mp4: subtitles not read" in done.stderr
    assert "To try these files again: reelfind index --retry" in done.stderr
    assert "b.mp4" not in reelfind(library, "index").stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("index", "--sources", "smells"), "There is no source “smells”."),
        (("sources", "smells"), "There is no source “smells”."),
        (("sources", "smells", "on"), "There is no source “smells”."),
        (("sources", "names", "off"), "Names are always read: they cost nothing."),
        (("sources", "names", "--forget"), "Names are those of the files: there is nothing to forget."),
        (("sources", "--forget"), "It is not said of which source."),
    ],
)
def test_what_makes_no_sense_is_said(library: Path, words: tuple[str, ...], sentence: str) -> None:
    done = reelfind(library, *words)
    assert done.returncode == 2
    assert sentence in done.stderr
