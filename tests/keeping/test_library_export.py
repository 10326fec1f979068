"""A library's work goes out as documented JSON and comes back, once however often it is imported."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept import person_rows
from app.catalogue.kept.kept_records import MarkKind, Target, TimeSpan
from app.catalogue.records import Presence
from app.errors import ReelfindError, UsageError
from app.keeping import export_format
from app.keeping.library_export import content_of, export_library, import_library
from app.settings import Settings
from tests.catalogue.making import at, index_all, make_file, rescan
from tests.cli.test_schemas import schema_of, undescribed
from tests.forked_program import run_program

ODD = os.fsdecode(b"odd \xff name.mp4")


@contextmanager
def filled(folder: Path) -> Iterator[Catalogue]:
    """A library of the videos in `movies`, of which people keep some; both are in a folder."""
    movies = folder / "movies"
    for name in ("dog.mp4", "cat.mp4", ODD):
        make_file(movies / name, f"the content of {name.encode(errors='replace')!r}")
    with Catalogue(folder / "library") as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        keep(catalogue, movies / "dog.mp4", MarkKind.FAVOURITE, span=TimeSpan(1, 2.5))
        keep(catalogue, movies / "dog.mp4", MarkKind.TAG, "Birthday")
        keep(catalogue, movies / ODD, MarkKind.NOTE, "two\nlines")
        keep(catalogue, movies / "cat.mp4", MarkKind.COLLECTION, "Holidays 🏖")
        like(catalogue, "anna", movies / "dog.mp4", TimeSpan(1, 2.5))
        like(catalogue, "ben li", movies / "cat.mp4")
        catalogue.make_collection("Empty")
        catalogue.save_search("Dogs", 'a dog -"red cars" is:favourite')
        catalogue.set_setting("settings", {"max_rate": 2.0, "model": "/models/mine", "exclude": "*.tmp"})
        (movies / "cat.mp4").unlink()
        rescan(catalogue, movies)
        yield catalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with filled(tmp_path) as catalogue:
        yield catalogue


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    """The folder of its videos."""
    return tmp_path / "movies"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> str:
    with filled(tmp_path_factory.mktemp("exported")) as catalogue:
        return json.dumps(content_of(catalogue))


@pytest.fixture
def content(exported: str) -> dict[str, Any]:
    """What goes out of such a library, to be changed."""
    made: dict[str, Any] = json.loads(exported)
    return made


@pytest.fixture
def other(tmp_path: Path, empty_library: Path) -> Iterator[Catalogue]:
    shutil.copytree(empty_library, tmp_path / "other library")
    with Catalogue(tmp_path / "other library") as catalogue:
        yield catalogue


def keep(
    catalogue: Catalogue, path: Path, kind: MarkKind, value: str = "", span: TimeSpan | None = None
) -> Target:
    video = at(catalogue, path)
    target = catalogue.target_of(video, span)
    catalogue.keep([(video, target)], kind, value)
    return target


def like(catalogue: Catalogue, person: str, path: Path, span: TimeSpan | None = None) -> None:
    video = at(catalogue, path)
    catalogue.set_favourite(person, video, catalogue.target_of(video, span), is_on=True)


def test_what_goes_out_fits_its_schema(catalogue: Catalogue, tmp_path: Path) -> None:
    export_library(catalogue, tmp_path / "out.json")
    content = json.loads((tmp_path / "out.json").read_bytes())
    schema = schema_of("library-export")
    Draft202012Validator(schema).validate(content)
    assert [place for place in undescribed(content, schema, schema) if ".settings." not in place] == []
    assert content["settings"]["max_rate"] == 2.0
    assert "model" not in content["settings"]
    assert {(each["folder"], each["name"]) for each in content["videos"]} == {
        (0, "dog.mp4"),
        (0, ODD),
        (None, str(tmp_path / "movies" / "cat.mp4")),
    }
    assert not (tmp_path / "out.json").stat().st_mode & 0o077


def test_what_comes_back_is_what_went_out(
    catalogue: Catalogue, other: Catalogue, movies: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.json"
    export_library(catalogue, file)
    done = import_library(other, file)
    assert (done.merged.marks, done.merged.collections, done.merged.searches) == (4, 2, 1)
    assert (done.folders, done.not_added, done.settings) == ((), (movies,), 0)
    assert {thing.presence for thing in other.kept()} == {Presence.GONE}
    assert {thing.path for thing in other.kept()} == {movies / "dog.mp4", movies / "cat.mp4", movies / ODD}
    assert other.watched() == []
    done = import_library(other, file, folders=True, settings=True)
    assert (done.merged.marks, done.merged.collections, done.merged.searches) == (0, 0, 0)
    assert done.folders == (movies,)
    assert done.settings == 2
    stored = Settings.from_json(other.setting("settings"))
    assert (stored.max_rate, stored.exclude, stored.model) == (2.0, "*.tmp", "")
    rescan(other, movies)
    index_all(other)
    assert [
        each for each in content_of(other).items() if each[0] not in {"made", "settings", "searches"}
    ] == [each for each in content_of(catalogue).items() if each[0] not in {"made", "settings", "searches"}]
    assert other.saved_searches() == catalogue.saved_searches()
    assert other.arrived_since("Dogs"), "what was indexed after the import"


def test_favourites_of_people_come_along_and_twice_is_once(
    catalogue: Catalogue, other: Catalogue, movies: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.json"
    export_library(catalogue, file)
    assert import_library(other, file).merged.of_people == 2
    assert import_library(other, file).merged.of_people == 0
    assert [each.video_id for each in other.favourites_of("anna")] == [None], "its video is not here yet"
    import_library(other, file, folders=True)
    rescan(other, movies)
    index_all(other)
    (liked,) = other.favourites_of("anna")
    assert (liked.video_id, liked.target.span) == (at(other, movies / "dog.mp4").id, TimeSpan(1, 2.5))
    assert liked.made == catalogue.favourites_of("anna")[0].made
    assert [each.target.span for each in other.favourites_of("ben li")] == [None]


def test_a_file_of_before_has_no_favourites_of_people(
    content: dict[str, Any], other: Catalogue, tmp_path: Path
) -> None:
    del content["favourites_of_people"]
    done = import_library(other, make_file(tmp_path / "old.json", json.dumps(content)))
    assert (done.merged.marks, done.merged.of_people) == (4, 0)


def test_more_favourites_than_one_person_can_have_are_refused_whole(
    content: dict[str, Any], other: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    liked = content["favourites_of_people"][0]
    content["favourites_of_people"] += [liked | {"start": at, "end": at + 1} for at in range(3)]
    monkeypatch.setattr(person_rows, "MOST_OF_ONE", 3)
    with pytest.raises(UsageError, match="can have 3 favourites"):
        import_library(other, make_file(tmp_path / "many.json", json.dumps(content)))
    assert (other.kept(), other.favourites_of("anna"), other.saved_searches()) == ([], [], [])


def test_past_searches_come_along_and_twice_is_once(
    catalogue: Catalogue, other: Catalogue, tmp_path: Path
) -> None:
    for query in ("a dog", "a cat", "a dog"):
        catalogue.note_search(query)
    other.note_search("a cat")
    there = other.past_searches()[0]
    file = tmp_path / "out.json"
    assert [each["query"] for each in export_library(catalogue, file)["history"]] == ["a dog", "a cat"]
    for _ in range(2):
        import_library(other, file)
    dog, cat = catalogue.past_searches()
    assert other.past_searches() == [replace(there, searched=max(there.searched, cat.searched)), dog]


def test_twice_is_once_whatever_is_there(catalogue: Catalogue, tmp_path: Path, movies: Path) -> None:
    file = tmp_path / "out.json"
    export_library(catalogue, file)
    before = content_of(catalogue)
    import_library(catalogue, file, folders=True, settings=True)
    assert content_of(catalogue) | {"made": 0} == before | {"made": 0}
    keep(catalogue, movies / ODD, MarkKind.NOTE, "mine")
    catalogue.remove_search("Dogs")
    catalogue.save_search("dogs", "another query")
    for _ in range(3):
        import_library(catalogue, file)
    (note,) = (thing.note for thing in catalogue.kept() if thing.note)
    assert note == "mine\ntwo\nlines"
    assert {(each.name, each.query) for each in catalogue.saved_searches()} == {
        ("dogs", "another query"),
        ("Dogs (2)", 'a dog -"red cars" is:favourite'),
    }


def test_a_file_that_is_there_stays(catalogue: Catalogue, tmp_path: Path) -> None:
    file = make_file(tmp_path / "out.json", "precious")
    with pytest.raises(UsageError, match="There is a file"):
        export_library(catalogue, file)
    assert file.read_text() == "precious"
    export_library(catalogue, file, force=True)
    assert json.loads(file.read_bytes())["format"] == "reelfind-library"
    for wrong in (tmp_path, tmp_path / "none" / "out.json"):
        with pytest.raises(ReelfindError):
            export_library(catalogue, wrong, force=True)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], bytes]:
    def made(content: dict[str, Any]) -> bytes:
        change(content)
        return json.dumps(content).encode()

    return made


def of_people(content: dict[str, Any]) -> dict[str, Any]:
    liked: dict[str, Any] = content["favourites_of_people"][0]
    return liked


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda _: b"", "no JSON"),
        (lambda _: b"[" * 200_000, "no JSON"),
        (lambda _: b'{"format": NaN}', "no JSON"),
        (lambda _: b"\xff\xfe\x00", "no JSON"),
        (lambda _: b"1" * 10_000, "no JSON"),
        (lambda content: json.dumps(content).encode()[:-20], "no JSON"),
        (lambda _: b"[]", "no exported library"),
        (changed(lambda content: content.update(format="x")), "no exported library"),
        (changed(lambda content: content.update(version=2)), "newer version"),
        (changed(lambda content: content.update(version="1")), "version"),
        (changed(lambda content: content.update(version=True)), "version"),
        (changed(lambda content: content.update(marks={})), "marks is no list"),
        (changed(lambda content: content["marks"].append(3)), r"marks\[4\] is no object"),
        (changed(lambda content: content["marks"][0].update(kind="x")), r"marks\[0\]"),
        (changed(lambda content: content["marks"][0].update(kind=["tag"])), r"marks\[0\]"),
        (changed(lambda content: content["marks"][0].update(fingerprint="../x")), r"marks\[0\]"),
        (changed(lambda content: content["marks"][0].update(start=1e300)), r"marks\[0\]"),
        (changed(lambda content: content["marks"][0].update(start=10**400)), r"marks\[0\]"),
        (changed(lambda content: content["marks"][0].update(start=None)), r"marks\[0\]"),
        (changed(lambda content: content["marks"][0].update(end=0.5)), r"marks\[0\] ends before"),
        (changed(lambda content: content["marks"][1].update(value="x" * 101)), r"marks\[1\].*too long"),
        (changed(lambda content: content["marks"][1].update(value="\u202e\0")), r"marks\[1\].*empty"),
        (changed(lambda content: content["marks"][2].update(value="x" * 10_001)), r"marks\[2\].*too long"),
        (changed(lambda content: content["marks"][0].update(made=-1)), r"marks\[0\]"),
        (changed(lambda content: content.update(favourites_of_people=3)), "favourites_of_people is no list"),
        (changed(lambda content: of_people(content).update(person="../x")), r"favourites_of_people\[0\]"),
        (changed(lambda content: of_people(content).update(person="x" * 33)), r"of_people\[0\] is of nobody"),
        (changed(lambda content: of_people(content).update(fingerprint="x")), r"favourites_of_people\[0\]"),
        (changed(lambda content: of_people(content).update(end=0.5)), r"of_people\[0\] ends before"),
        (changed(lambda content: content["searches"][0].update(query="x" * 2001)), r"searches\[0\]"),
        (changed(lambda content: content["history"].append({"query": "x", "times": 0})), r"history\[0\]"),
        (changed(lambda content: content["history"].append({"query": "", "times": 1})), r"history\[0\]"),
        (changed(lambda content: content["videos"][0].update(name="a\0b")), r"videos\[0\]"),
        (changed(lambda content: content["videos"][0].update(name="x" * 5000)), r"videos\[0\]"),
        (changed(lambda content: content["videos"][0].update(folder=7)), r"videos\[0\]"),
        (changed(lambda content: content["videos"][0].update(size=1 << 64)), r"videos\[0\]"),
        (changed(lambda content: content["folders"][0].update(path=7)), r"folders\[0\]"),
        (changed(lambda content: content.update(settings=[])), "settings"),
        (changed(lambda content: content["settings"].update(scorer={})), "settings.scorer"),
    ],
)
def test_what_makes_no_sense_is_refused_whole_in_a_sentence(
    content: dict[str, Any],
    other: Catalogue,
    tmp_path: Path,
    made: Callable[[dict[str, Any]], bytes],
    sentence: str,
) -> None:
    file = tmp_path / "wrong.json"
    file.write_bytes(made(content))
    with pytest.raises(UsageError, match=sentence):
        import_library(other, file, folders=True, settings=True)
    assert other.kept() == []
    assert other.collections() == []
    assert other.watched() == []


def test_a_file_that_is_too_large_or_none_is_refused(
    other: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in (tmp_path, tmp_path / "none.json", Path("/dev/zero")):
        with pytest.raises(UsageError):
            import_library(other, wrong)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="no file"):
        import_library(other, pipe)
    monkeypatch.setattr(export_format, "LARGEST", 10)
    with pytest.raises(UsageError, match="too large"):
        import_library(other, make_file(tmp_path / "large.json", "x" * 11))


def test_a_setting_that_makes_no_sense_changes_nothing(
    content: dict[str, Any], other: Catalogue, tmp_path: Path
) -> None:
    content["settings"] |= {"max_rate": 1e9, "keep_gone": "x", "history": 0, "unknown": 1, "settle": 5}
    file = make_file(tmp_path / "out.json", json.dumps(content))
    other.set_setting("settings", {"max_rate": 3.0})
    import_library(other, file, settings=True)
    stored = Settings.from_json(other.setting("settings"))
    assert (stored.max_rate, stored.keep_gone, stored.history, stored.settle) == (3.0, 30.0, True, 5.0)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_in_a_file_is_taken_or_refused(
    exported: str, other: Catalogue, tmp_path: Path, data: st.DataObject
) -> None:
    content = json.loads(exported)
    name = data.draw(st.sampled_from(sorted(content)))
    if isinstance(content[name], list) and content[name] and data.draw(st.booleans()):
        entry = content[name][0]
        entry[data.draw(st.sampled_from(sorted(entry)))] = data.draw(ANYTHING)
    else:
        content[name] = data.draw(ANYTHING)
    file = tmp_path / "any.json"
    file.write_text(json.dumps(content))
    try:
        import_library(other, file, settings=True)
    except UsageError:
        return
    assert not other.check()
    content_of(other)


def test_on_the_command_line(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "my library.json"
    where = ["--library", tmp_path / "library"]
    done = run_program(["export-library", file, "--json", *where])
    printed = json.loads(done.stdout)
    Draft202012Validator(schema_of("library-exported")).validate(printed)
    assert (printed["marks"], printed["videos"]) == (4, 3)
    again = run_program(["export-library", file, *where])
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert run_program(["export-library", file, "--force", *where]).returncode == 0
    there = ["--library", tmp_path / "new library"]
    printed = json.loads(run_program(["import-library", file, "--json", *there]).stdout)
    Draft202012Validator(schema_of("library-imported")).validate(printed)
    assert printed["marks"] == 4
    assert "not here now" in run_program(["keep", "list", *there]).stdout
    done = run_program(["import-library", file, "--folders", *there])
    assert "Watching" in done.stdout
    assert run_program(["import-library", tmp_path / "none", *there]).returncode == 2
