"""What `--json` prints fits its schema (docs/schemas), and nothing is printed that no schema describes."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from app.indexing.events import IndexingEvent
from tests.cli.little_library import use_colours
from tests.forked_program import run_program
from tests.videos import Scene, make_video

SCHEMAS = Path(__file__).resolve().parent.parent.parent / "docs" / "schemas"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("schemas")
    scenes = [Scene((220, 20, 20), 4), Scene((30, 40, 220), 4, "pan")]
    make_video(root / "v.mp4", scenes)
    hidden = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    use_colours(root / "library")
    run_program(["index", root, "--library", root / "library"], env=hidden, check=True)
    return root / "library"


def printed(library: Path, *words: str) -> Any:
    return json.loads(run_program(["search", *words, "--json", "--library", library], check=True).stdout)


def schema_of(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def undescribed(value: Any, schema: Any, root: Any, place: str = "$") -> Iterator[str]:
    """Fields of a value that a schema does not name, and fields of it that have no description."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        for name, field in value.items():
            if name in schema.get("properties", {}):
                yield from undescribed(field, schema["properties"][name], root, f"{place}.{name}")
            else:
                yield f"{place}.{name}"
    elif isinstance(value, list):
        for item in value:
            yield from undescribed(item, schema.get("items", {}), root, f"{place}[]")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("search", ["red"]),
        ("search", ["red >> blue within:20s"]),
        ("search", ["2*red + hills -people type:mp4"]),
        ("search", ["like:v.mp4@1 at night"]),
        ("search", ["no people"]),
        ("search", ["2*red + like:v.mp4@1 -people", "--why", "1"]),
        ("search", ["red >> no people within:20s", "--why", "1"]),
        ("search", ["red longer:1h"]),
        ("search", ["v said:nothing"]),
        ("search", ["schemas v", "--why", "1"]),
        ("search-explain", ["--explain", "dog said:hello -text:exit >> text:out"]),
        (
            "search-explain",
            ["--explain", "2*dog + like:a.jpg@3#0,0,50,50 -cars >> b in:x -type:mov within:9s"],
        ),
        ("search-complete", ["--complete", "a dog l"]),
        ("search-complete", ["--complete", "type:"]),
    ],
)
def test_what_is_printed_fits_its_schema(library: Path, name: str, words: list[str]) -> None:
    schema, content = schema_of(name), printed(library, *words)
    Draft202012Validator(schema).validate(content)
    assert list(undescribed(content, schema, schema)) == []
    assert content or name == "search-complete"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folders", ["folders"]),
        ("settings", ["settings"]),
        ("settings", ["settings", "cores"]),
        ("sources", ["sources"]),
        ("doctor", ["doctor"]),
        ("models-list", ["models", "list"]),
        ("models-use", ["models", "use", "pocket"]),
    ],
)
def test_what_is_printed_of_the_library_fits_its_schema(library: Path, name: str, words: list[str]) -> None:
    done = run_program([*words, "--json", "--library", library])
    schema, content = schema_of(name), json.loads(done.stdout)
    Draft202012Validator(schema).validate(content)
    # By name, or described by another schema.
    free = ("$.packages.", "$.ffmpeg.", "$.sources[]", "$.recommended[].xm3600.", "$.recommended[].files.")
    assert [place for place in undescribed(content, schema, schema) if not place.startswith(free)] == []
    assert content


def test_every_line_of_a_run_fits_its_schema(library: Path, tmp_path: Path) -> None:
    make_video(tmp_path / "new.mp4", [Scene((20, 200, 20), 2)])
    (tmp_path / "bad.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(4000))
    done = run_program(["index", tmp_path, "--json", "--library", library], check=True)
    schema, lines = schema_of("index"), [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        Draft202012Validator(schema).validate(line)
        assert list(undescribed(line, schema, schema)) == []
    assert {"scan_finished", "video_indexed", "video_failed", "progress"} <= {line["event"] for line in lines}
    assert lines[-1]["event"] == "run_finished"


def test_every_event_of_a_run_and_every_field_of_it_is_in_the_schema() -> None:
    schema, kinds = schema_of("index"), get_args(IndexingEvent)
    names = {re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() for kind in kinds}
    assert names == set(schema["properties"]["event"]["enum"])
    told = {field.name for kind in kinds for field in fields(kind)}
    assert told - set(schema["properties"]) == set()


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_one_and_refuses_what_is_not_like_it(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert not Draft202012Validator(schema).is_valid({"version": "two"})
