"""`reelfind export`: from words and collections to files, as scripts see it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.little_library import use_colours
from tests.cli.test_schemas import schema_of, undescribed
from tests.forked_program import run_program
from tests.videos import Scene, make_video


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    make_video(root / "red & blue.mp4", [Scene((220, 20, 20), 4), Scene((30, 40, 220), 4)], gop=20)
    hidden = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    use_colours(root / "library")
    run_program(["index", root, "--library", root / "library"], env=hidden, check=True)
    return root / "library"


def exported(library: Path, *words: str | Path) -> Any:
    done = run_program(["export", *words, "--json", "--library", library], check=True)
    schema, content = schema_of("exported"), json.loads(done.stdout)
    Draft202012Validator(schema).validate(content)
    assert list(undescribed(content, schema, schema)) == []
    return content


def test_what_a_search_finds_becomes_clips(library: Path, tmp_path: Path) -> None:
    words = ("red", "--as", "clips", "--limit", "1", "--to", tmp_path)
    first, second = exported(library, *words), exported(library, *words)
    (one,), (two,) = first["files"], second["files"]
    assert Path(one["path"]).stat().st_size > 1000
    assert Path(one["path"]).name.startswith("red & blue 0m0")
    assert Path(two["path"]).name == f"{Path(one['path']).stem} (2).mp4"
    assert one["start"] <= one["moment"]["start"]


def test_a_collection_becomes_a_timeline(library: Path, tmp_path: Path) -> None:
    for span in ("0.5-2", "5-7"):
        run_program(["keep", "collect", "Best", f"red & blue.mp4@{span}", "--library", library], check=True)
    (file,) = exported(library, "--collection", "best", "--as", "edl", "--to", tmp_path)["files"]
    assert Path(file["path"]).name == "best.edl"
    assert Path(file["path"]).read_text().count("FROM CLIP NAME: red & blue.mp4") == 2
    missing = run_program(
        ["export", "--collection", "none", "--as", "csv", "--to", tmp_path, "--library", library]
    )
    assert missing.returncode == 2
    assert "There is no collection “none”" in missing.stderr


def test_what_cannot_be_is_told_in_a_sentence(library: Path, tmp_path: Path) -> None:
    nowhere = run_program(["export", "red", "--as", "csv", "--to", tmp_path / "x", "--library", library])
    assert nowhere.returncode == 2
    assert "is no folder" in nowhere.stderr
    nothing = run_program(["export", "--as", "csv", "--to", tmp_path, "--library", library])
    assert nothing.returncode == 2
    assert "Say what to export" in nothing.stderr
