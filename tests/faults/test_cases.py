"""Situations that people complained about, each with the right behaviour, on the real command line."""

import json
import os
import time
from pathlib import Path

import pytest

from app.catalogue.records import Presence, VideoState
from tests.faults import cases
from tests.faults.harness.clips import pattern, plain
from tests.faults.harness.program import Program, assert_indexed, assert_settled
from tests.faults.harness.sandbox import read_only, without_powers


def decoded(events: str) -> list[str]:
    """Names of the videos that `index --json` says it decoded."""
    found = [json.loads(line) for line in events.splitlines()]
    return [Path(event["path"]).name for event in found if event["event"] == "video_started"]


def found(program: Program, text: str) -> list[str]:
    """Names of the files that a search gives, each once."""
    return sorted({Path(result["path"]).name for result in program.search(text)})


DATES = {
    "2446": cases.LAST_DATE,
    "2262": 9_224_318_016,
    "2106": 2**32,
    "1970": 0,
    "1938": -1_000_000_000,
    "1901": -(2**31),
    "next year": int(time.time()) + 30_000_000,
}


@pytest.mark.fault(f"file dates: {', '.join(DATES)}", "indexed like any other, once")
def test_01_a_nonsense_date_stops_nothing(program: Program, folder: Path) -> None:
    original = pattern(folder.with_name("original.mp4"), 2)
    for number, (name, seconds) in enumerate(DATES.items()):
        cases.with_a_date(folder / name, seconds, original, number)
    program.index(*folder.iterdir())
    assert_indexed(program, *(f"{name}.mp4" for name in DATES), *(f"beside {name}.mp4" for name in DATES))
    assert decoded(program.index("--json").stdout) == []


def test_01_a_known_file_that_gets_a_nonsense_date_stops_nothing(program: Program, folder: Path) -> None:
    clip = pattern(folder / "a.mp4")
    program.index(folder)
    os.utime(clip, (cases.LAST_DATE, cases.LAST_DATE))
    pattern(folder / "new.mp4", 2)
    program.index()
    assert_indexed(program, "a.mp4", "new.mp4")


@pytest.mark.fault("permission of a file taken away, mended later", "tried again by the next run, indexed")
def test_02_permission_mended_later(program: Program, folder: Path) -> None:
    pattern(folder / "a.mp4", 3)
    locked = pattern(folder / "b.mp4", 2)
    locked.chmod(0)
    with program.under(without_powers()):
        program.index(folder)
        assert_indexed(program, "a.mp4")
        video = program.videos()["b.mp4"]
        assert video.state is VideoState.FAILED
        assert video.will_be_retried
        program.index()
    assert program.videos()["b.mp4"].attempts == 2
    assert_settled(program)
    locked.chmod(0o644)
    program.index()
    assert_indexed(program, "a.mp4", "b.mp4")
    assert_settled(program)


def test_02_a_fault_of_the_file_is_not_tried_again_unless_asked(program: Program, folder: Path) -> None:
    (folder / "noise.mp4").write_bytes(bytes(range(256)) * 16)
    program.index(folder)
    assert program.videos()["noise.mp4"].attempts == 1
    program.index()
    assert program.videos()["noise.mp4"].attempts == 1
    pattern(folder / "noise.mp4", 2)
    program.index()
    assert_indexed(program, "noise.mp4")


@pytest.mark.fault("a file deleted", "out of results, counts and lists; back at once when restored")
def test_03_a_deleted_file_is_gone_and_a_restore_costs_nothing(program: Program, folder: Path) -> None:
    pattern(folder / "keep.mp4", 4)
    gone = plain(folder / "gone.mp4", "red")
    program.index(folder)
    assert found(program, "a plain red picture") == ["gone.mp4", "keep.mp4"]
    content, status = gone.read_bytes(), gone.stat()
    gone.unlink()
    program.index()
    assert found(program, "a plain red picture") == ["keep.mp4"]
    listed = json.loads(program.run("folders", "--json").stdout)
    assert [(entry["videos"], entry["indexed"]) for entry in listed] == [(1, 1)]
    assert program.doctor()["library"]["videos"] == 1

    gone.write_bytes(content)
    os.utime(gone, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert decoded(program.index("--json").stdout) == []
    assert found(program, "a plain red picture") == ["gone.mp4", "keep.mp4"]


@pytest.mark.fault(
    "the watched folder (or its parent) renamed and added again", "nothing decoded, each video once"
)
@pytest.mark.parametrize("parent", [False, True])
def test_07_a_renamed_watched_folder_is_known(program: Program, folder: Path, parent: bool) -> None:
    cases.renamed_afterwards(folder)
    program.index(folder / "old")
    if parent:
        renamed = folder.with_name("renamed") / "old"
        folder.rename(renamed.parent)
    else:
        renamed = (folder / "old").rename(folder / "new")
    assert decoded(program.index("--json", renamed).stdout) == []
    results = [Path(result["path"]) for result in program.search("test pattern")]
    assert set(results) == {renamed / "3.mp4", renamed / "4.mp4"}
    assert program.doctor()["library"]["videos"] == 2


@pytest.mark.fault(
    "a subfolder that may not be listed", "said by index and doctor; its known videos are kept"
)
def test_11_a_locked_subfolder_is_said(program: Program, folder: Path) -> None:
    pattern(folder / "ok" / "a.mp4", 3)
    hidden = pattern(folder / "locked" / "b.mp4", 2)
    program.index(folder)
    hidden.parent.chmod(0)
    with program.under(without_powers()):
        try:
            index = program.index(code=None)
            assert f"{hidden.parent} cannot be looked into" in index.stdout + index.stderr
            doctor = program.run("doctor")
            assert doctor.stdout.count(str(hidden.parent)) == 1, "its files are not listed beside it"
            assert doctor.returncode == 1
            assert "Every file could be read" not in doctor.stdout
            assert str(hidden.parent) in program.run("doctor", "--json").stdout
            assert program.videos()["b.mp4"].presence is Presence.UNREACHABLE
            states = {Path(result["path"]).name: result["state"] for result in program.search("test pattern")}
            assert states == {"a.mp4": "here", "b.mp4": "unreachable"}
        finally:
            hidden.parent.chmod(0o755)
    program.index()
    assert program.videos()["b.mp4"].presence is Presence.HERE


@pytest.mark.fault("a query that is not UTF-8", "answered, or refused in a sentence")
def test_12_a_query_that_is_not_utf8(program: Program, folder: Path) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    for query in (b"caf\xe9 terrasse", b"\xff\xfe", b"red \xed\xa0\x80 dog", b"a\xc3"):
        done = program.run("search", *(["--json"] if b"red" in query else []), os.fsdecode(query))
        assert done.returncode in {0, 2}, done.stderr
        assert done.stdout if done.returncode == 0 else done.stderr.startswith("reelfind: ")


@pytest.mark.fault("settings out of range", "refused with the range")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rescan_every", "0.000001"),
        ("max_rate", "1e8"),
        *(
            pytest.param(name, value, marks=pytest.mark.nightly)
            for name in ("rescan_every", "max_rate")
            for value in ("-1", "0", "nan", "inf", "-inf", "1e400", "", "abc")
        ),
    ],
)
def test_15_settings_have_ranges(program: Program, name: str, value: str) -> None:
    before = program.run("settings", name).stdout
    done = program.run("settings", name, value)
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith("reelfind: ")
    assert "between" in done.stderr or "from" in done.stderr or value in {"", "abc"}, done.stderr
    assert program.run("settings", name).stdout == before


@pytest.mark.fault("six copies of one clip", "one answer, its copies named")
def test_19_one_answer_for_one_content(program: Program, folder: Path) -> None:
    copies = cases.copies_of_one_clip(folder)
    program.index(folder)
    results = program.search("a test pattern", "--limit", "5")
    mine = [result for result in results if Path(result["path"]).name == "same.mp4"]
    assert len({result["path"] for result in mine}) == 1
    assert {mine[0]["path"], *mine[0]["copies"]} == {str(path) for path in copies}
    assert "red.mp4" in {Path(result["path"]).name for result in results}


@pytest.mark.fault("the library on read-only storage", "searching works; what cannot be done says so")
def test_20_a_library_on_read_only_storage_searches(program: Program, folder: Path) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    with program.under(read_only(program.library)):
        results = program.search("pattern")
        assert [Path(result["path"]).name for result in results] == ["a.mp4"]
        assert program.run("search", "pattern").returncode == 0
        assert program.run("doctor").returncode in {0, 1}
        assert program.run("folders").returncode == 0
        for words in (["index"], ["add", folder], ["remove", folder], ["settings", "max_rate", "2"]):
            done = program.run(*words)
            assert done.returncode == 1, done.stdout
            assert "read-only" in (done.stdout + done.stderr).lower()
