"""`reelfind keep`: what is kept and found again, as a person or a script does it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.little_library import Reelfind, program, use_colours
from tests.cli.test_schemas import schema_of, undescribed
from tests.videos import make_video

RED, BLUE = (220, 20, 20), (30, 40, 220)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two indexed videos, to copy."""
    root = tmp_path_factory.mktemp("kept")
    folder = root / "videos"
    folder.mkdir()
    make_video(folder / "dog.mp4", [(RED, 4), (BLUE, 4)])
    make_video(folder / "cat.mp4", [(BLUE, 3)])
    use_colours(root / "library")
    assert program(root / "library")("index", folder).returncode == 0
    return root / "library"


@pytest.fixture
def reelfind(indexed: Path, tmp_path: Path) -> Reelfind:
    """Runs the command on a library with two indexed videos; they are the module's."""
    shutil.copytree(indexed, tmp_path / "library")
    return program(tmp_path / "library")


def printed(reelfind: Reelfind, *words: str, schema: str = "") -> Any:
    done = reelfind(*words, "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    if schema:
        Draft202012Validator(schema_of(schema)).validate(content)
        assert list(undescribed(content, schema_of(schema), schema_of(schema))) == []
    return content


def test_from_a_kept_moment_to_a_search_in_it(reelfind: Reelfind) -> None:
    assert reelfind("keep", "favourite", "dog.mp4@4-8").returncode == 0
    assert reelfind("keep", "tag", "My Birthday", "dog.mp4@5", "cat.mp4").returncode == 0
    assert reelfind("keep", "note", "he barks", "dog.mp4").returncode == 0
    assert reelfind("keep", "collect", "Holidays", "--query", "blue", "--rank", "1").returncode == 0
    listed = printed(reelfind, "keep", "list", schema="keep-list")["kept"]
    assert [Path(each["path"]).name for each in listed].count("dog.mp4") >= 2
    assert any(each["favourite"] and (each["start"], each["end"]) == (4, 8) for each in listed)
    assert sum(each["tags"] == ["My Birthday"] for each in listed) >= 1
    assert [each["note"] for each in listed if each["note"]] == ["he barks"]
    assert printed(reelfind, "keep", "tags", schema="keep-names")["names"] == [
        {"name": "My Birthday", "count": 2}
    ]
    assert printed(reelfind, "keep", "collections", schema="keep-names")["names"][0]["name"] == "Holidays"
    found = printed(reelfind, "search", "blue is:favourite", schema="search")["results"]
    assert {Path(each["path"]).name for each in found} == {"dog.mp4"}
    assert all(each["end"] > 4 for each in found)
    completed = [each["text"] for each in printed(reelfind, "search", "--complete", "a tag:my")]
    assert completed == ['tag:"My Birthday"']
    assert [each["text"] for each in printed(reelfind, "search", "--complete", "in-collection:")] == [
        "in-collection:Holidays"
    ]
    only = printed(reelfind, "keep", "list", "--tag", "my birthday")["kept"]
    assert len(only) == 2
    assert "★" in reelfind("keep", "list").stdout


def test_what_is_hidden_is_passed_over_until_it_is_shown_again(reelfind: Reelfind) -> None:
    assert reelfind("keep", "hide", "dog.mp4").returncode == 0
    names = {Path(each["path"]).name for each in printed(reelfind, "search", "blue")["results"]}
    assert names == {"cat.mp4"}
    (hidden,) = printed(reelfind, "keep", "list", "--hidden", schema="keep-list")["kept"]
    assert (Path(hidden["path"]).name, hidden["hidden"]) == ("dog.mp4", True)
    assert "(hidden)" in reelfind("keep", "list").stdout
    (listed,) = printed(reelfind, "search", "is:hidden", schema="search")["results"]
    assert (Path(listed["path"]).name, listed["start"]) == ("dog.mp4", 0)
    assert reelfind("keep", "hide", "dog.mp4", "--remove").returncode == 0
    assert "No video that is indexed fits" in reelfind("search", "is:hidden").stdout
    assert "2 videos or moments, newest first" in reelfind("search", "type:mp4").stdout
    assert printed(reelfind, "search", "--explain", "type:mp4", schema="search-explain")["steps"] == []


def test_what_is_kept_is_moved_and_forgotten(reelfind: Reelfind) -> None:
    reelfind("keep", "favourite", "dog.mp4@4-8")
    assert reelfind("keep", "move", "dog.mp4@4-8", "3-7").returncode == 0
    (kept,) = printed(reelfind, "keep", "list")["kept"]
    assert (kept["start"], kept["end"]) == (3, 7)
    wrong = reelfind("keep", "move", "dog.mp4@3-7", "7-3")
    assert (wrong.returncode, "no span of time" in wrong.stderr) == (2, True)
    assert reelfind("keep", "favourite", "--remove", "dog.mp4@5").returncode == 0
    assert printed(reelfind, "keep", "list")["kept"] == []
    reelfind("keep", "tag", "x", "dog.mp4")
    assert reelfind("keep", "rename", "tag", "x", "y").returncode == 0
    assert reelfind("keep", "drop", "tag", "x").returncode == 2
    assert "Forgot 1 thing" in reelfind("keep", "forget", "dog.mp4").stdout
    assert "Nothing is kept" in reelfind("keep", "list").stdout


def test_searches_are_saved_run_and_remembered(reelfind: Reelfind, tmp_path: Path) -> None:
    assert reelfind("keep", "search", "Reds", "a red picture").returncode == 0
    assert printed(reelfind, "keep", "searches", schema="keep-searches")["searches"][0]["new"] == 0
    more = tmp_path / "more"
    more.mkdir()
    make_video(more / "new.mp4", [(RED, 3), (RED, 3)])
    assert reelfind("index", more).returncode == 0
    assert isinstance(printed(reelfind, "keep", "searches")["searches"][0]["new"], int)
    ran = printed(reelfind, "keep", "run", "reds")
    named = {each["rank"]: Path(each["path"]).name for each in ran["results"]}
    assert {named[rank] for rank in ran["new"]} == {"new.mp4"}
    assert printed(reelfind, "keep", "run", "reds")["new"] == []
    reelfind("search", "a red car")
    past = printed(reelfind, "keep", "history", schema="keep-history")["searches"]
    assert [each["query"] for each in past] == ["a red car"]
    reelfind("settings", "history", "off")
    reelfind("search", "a secret")
    assert len(printed(reelfind, "keep", "history")["searches"]) == 1
    assert "Forgot 1 search" in reelfind("keep", "history", "--clear").stdout
    assert "Forgot 0 searches" in reelfind("keep", "history", "--forget", "a secret").stdout
    assert reelfind("keep", "rename", "search", "reds", "Blues").returncode == 0
    assert reelfind("keep", "unsave", "BLUES").returncode == 0
    assert "No searches are saved" in reelfind("keep", "searches").stdout


def test_index_says_what_is_new_to_a_saved_search(reelfind: Reelfind, tmp_path: Path) -> None:
    assert reelfind("keep", "search", "My Granny", "grandmother").returncode == 0
    assert "new match" not in reelfind("index").stdout
    more = tmp_path / "more"
    more.mkdir()
    make_video(more / "Grandmother_in_spring.mp4", [(RED, 3)])
    said = reelfind("index", more).stdout
    assert "1 new match of “My Granny”, see: reelfind keep run 'My Granny'" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["favourite"], "Nothing is named"),
        (["favourite", "none.mp4"], "No video of this library is called “none.mp4”"),
        (["favourite", "dog.mp4@99"], "There is no moment"),
        (["tag", "", "dog.mp4"], "is empty"),
        (["tag", "x", "--query", "red"], "--rank"),
        (["forget", "dog.mp4"], "Nothing is kept about"),
        (["run", "none"], "There is no saved search"),
        (["search", "x", "is:nothing"], "makes no sense"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    reelfind: Reelfind, words: list[str], sentence: str
) -> None:
    done = reelfind("keep", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) <= 3
