"""The watcher, on real folders: what settles is reported, what cannot be watched is looked at anyway."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.disk.debounce import Debounce
from app.disk.watcher import Watcher
from app.settings import Exclusion
from tests.catalogue.making import make_file
from tests.conftest import ROOT, wait_until

SETTLE = 0.15
PATIENT = 0.8
"""For tests that count calls: longer than a busy machine holds a thread up."""


class Calls:
    """Counts `on_change` calls per folder."""

    def __init__(self) -> None:
        self.count: Counter[Path] = Counter()
        self.threads: set[str] = set()

    def __call__(self, folder: Path) -> None:
        self.count[folder] += 1
        self.threads.add(threading.current_thread().name)

    def reached(self, folder: Path, count: int) -> bool:
        return wait_until(lambda: self.count[folder] >= count)


@contextmanager
def watching(
    *folders: Path, settle: float = SETTLE, rescan_every: float = 900.0
) -> Iterator[tuple[Watcher, Calls]]:
    """A watcher that has begun to watch every folder that is there."""
    calls = Calls()
    with Watcher(folders, calls, settle=settle, rescan_every=rescan_every) as watcher:
        for folder in folders:
            if folder.is_dir():
                assert calls.reached(folder, 1)
        yield watcher, calls


def test_a_new_file_is_reported_from_the_watcher_s_thread(tmp_path: Path) -> None:
    with watching(tmp_path) as (watcher, calls):
        make_file(tmp_path / "new" / "sub" / "a.mp4", "x")
        assert calls.reached(tmp_path, 2)
        assert watcher.unwatched == {}
        assert calls.threads == {"watcher"}


def test_subtitles_that_come_are_reported_and_notes_are_not(tmp_path: Path) -> None:
    with watching(tmp_path) as (_, calls):
        make_file(tmp_path / "Subs" / "a.en.srt", "x")
        assert calls.reached(tmp_path, 2)
        seen = calls.count[tmp_path]
        make_file(tmp_path / "Subs" / "notes.txt", "x")
        make_file(tmp_path / "Subs" / "b.en.srt", "x")
        assert calls.reached(tmp_path, seen + 1)


def test_a_growing_file_is_reported_once_it_has_settled(tmp_path: Path) -> None:
    with watching(tmp_path, settle=PATIENT) as (_, calls):
        before = calls.count[tmp_path]
        with (tmp_path / "a.mp4").open("wb") as file:
            until = time.monotonic() + 2 * PATIENT
            while time.monotonic() < until:
                file.write(b"x")
                file.flush()
                threading.Event().wait(0.02)
                assert calls.count[tmp_path] == before
        assert calls.reached(tmp_path, before + 1)


def test_renaming_and_deleting_are_changes_too(tmp_path: Path) -> None:
    make_file(tmp_path / "a.mp4", "x")
    make_file(tmp_path / "download.part", "x")
    with watching(tmp_path) as (_, calls):
        (tmp_path / "a.mp4").rename(tmp_path / "b.mp4")
        assert calls.reached(tmp_path, 2)
        (tmp_path / "b.mp4").unlink()
        assert calls.reached(tmp_path, 3)
        (tmp_path / "download.part").rename(tmp_path / "download.mp4")
        assert calls.reached(tmp_path, 4)


def test_what_is_no_video_and_what_is_only_read_is_passed_over(tmp_path: Path) -> None:
    video = make_file(tmp_path / "a.mp4", "x")
    with watching(tmp_path, settle=PATIENT) as (_, calls):
        make_file(tmp_path / "notes.txt", "x")
        make_file(tmp_path / "b.mp4.part", "x")
        make_file(tmp_path / ".cache" / "c.mp4", "x")
        video.read_bytes()
        # Events come in order: when the last one was reported, the others would have been.
        make_file(tmp_path / "d.mp4", "x")
        assert calls.reached(tmp_path, 2)
        assert not wait_until(lambda: calls.count[tmp_path] > 2, timeout=2 * PATIENT)


def test_folders_come_and_go_while_it_runs(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / os.fsdecode(b"second \xff")
    first.mkdir()
    second.mkdir()
    with watching(first) as (watcher, calls):
        watcher.add(second)
        assert calls.reached(second, 1)
        make_file(second / "a.mp4", "x")
        assert calls.reached(second, 2)
        watcher.remove(first)
        make_file(first / "a.mp4", "x")
        make_file(second / "b.mp4", "x")
        assert calls.reached(second, 3)
        assert calls.count[first] == 1


def test_a_missing_folder_is_said_and_watched_when_it_comes(tmp_path: Path) -> None:
    missing = tmp_path / "stick"
    with watching(missing, rescan_every=0.2) as (watcher, calls):
        assert calls.reached(missing, 1)
        assert "cannot be reached" in watcher.unwatched[missing]
        missing.mkdir()
        assert wait_until(lambda: missing not in watcher.unwatched)

        missing.rename(tmp_path / "unplugged")
        assert wait_until(lambda: missing in watcher.unwatched)
        (tmp_path / "unplugged").rename(missing)
        assert wait_until(lambda: missing not in watcher.unwatched)


def test_a_folder_that_was_away_between_two_looks_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.disk.watcher._LOOK_EVERY", PATIENT)
    folder = tmp_path / "videos"
    folder.mkdir()
    with watching(folder) as (_, calls):
        folder.rename(tmp_path / "away")
        (tmp_path / "away").rename(folder)
        assert calls.reached(folder, 2)
        assert not wait_until(lambda: calls.count[folder] > 2, timeout=3 * PATIENT)


def test_a_new_file_behind_a_link_is_a_change(tmp_path: Path) -> None:
    watched, elsewhere = tmp_path / "watched", tmp_path / "elsewhere"
    inner = make_file(tmp_path / "further" / "b.mp4", "x").parent
    make_file(elsewhere / "a.mp4", "x")
    watched.mkdir()
    (watched / "link").symlink_to(Path("..") / "elsewhere")
    (elsewhere / "on").symlink_to(inner)
    (elsewhere / "back").symlink_to(watched)  # loops end
    (elsewhere / "self").symlink_to(elsewhere)
    with watching(watched) as (watcher, calls):
        make_file(elsewhere / "sub" / "new.mp4", "x")
        assert calls.reached(watched, 2)
        make_file(inner / "new.mp4", "x")
        assert calls.reached(watched, 3)
        assert watcher.unwatched == {}


def test_links_that_come_and_go_while_it_runs(tmp_path: Path) -> None:
    watched, first, second = (tmp_path / name for name in ("watched", "first", "second"))
    for folder in (watched, first, second):
        folder.mkdir()
    with watching(watched) as (_, calls):
        (watched / "link").symlink_to(first)
        assert calls.reached(watched, 2)
        make_file(first / "a.mp4", "x")
        assert calls.reached(watched, 3)
        (watched / "link").unlink()
        assert calls.reached(watched, 4)
        (watched / "sub").mkdir()
        assert calls.reached(watched, 5)
        (watched / "sub" / "link").symlink_to(second)
        assert calls.reached(watched, 6)
        make_file(second / "b.mp4", "x")
        assert calls.reached(watched, 7)


def test_what_a_link_leads_to_may_appear_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.disk.watcher._LOOK_EVERY", SETTLE)
    watched, later, file = tmp_path / "watched", tmp_path / "later", tmp_path / "later.mp4"
    watched.mkdir()
    (watched / "link").symlink_to(later)
    (watched / "link.mp4").symlink_to(file)
    with watching(watched) as (_, calls):
        later.mkdir()
        assert calls.reached(watched, 2)
        make_file(later / "a.mp4", "x")
        assert calls.reached(watched, 3)
        make_file(file, "x")
        assert calls.reached(watched, 4)


def test_what_is_excluded_and_what_is_no_video_is_no_change(tmp_path: Path) -> None:
    calls = Calls()
    exclude = Exclusion("private/")
    with Watcher([tmp_path], calls, settle=PATIENT, exclude=exclude) as watcher:
        assert calls.reached(tmp_path, 1)
        make_file(tmp_path / "private" / "sub" / "a.mp4", "x")
        make_file(tmp_path / "index.ts", "export {}")
        make_file(tmp_path / "b.mp4", "x")
        assert calls.reached(tmp_path, 2)
        assert not wait_until(lambda: calls.count[tmp_path] > 2, timeout=2 * PATIENT)
        watcher.exclude(Exclusion())
        assert calls.reached(tmp_path, 3)
        make_file(tmp_path / "private" / "sub" / "b.mp4", "x")
        assert calls.reached(tmp_path, 4)


def test_an_error_of_ours_ends_no_watching(tmp_path: Path) -> None:
    calls = Calls()

    def fails_at_first(folder: Path) -> None:
        calls(folder)
        if calls.count[folder] <= 2:
            raise RuntimeError("an error of ours")

    with Watcher([tmp_path], fails_at_first, settle=SETTLE) as watcher:
        assert calls.reached(tmp_path, 1)
        make_file(tmp_path / "a.mp4", "x")
        assert calls.reached(tmp_path, 2)
        make_file(tmp_path / "b.mp4", "x")
        assert calls.reached(tmp_path, 3)
        assert watcher.restarts == 2
        assert "error in Reelfind" in watcher.problem


@pytest.mark.parametrize("dies", ["observer", "emitter"])
def test_what_died_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: str) -> None:
    monkeypatch.setattr("app.disk.watcher._LOOK_EVERY", SETTLE)
    with watching(tmp_path) as (watcher, calls):
        observer = watcher._folders._watches._observer
        assert observer is not None
        if dies == "observer":
            observer.stop()
            observer.join()
        else:
            (emitter,) = observer.emitters
            emitter.stop()
            emitter.join()
        assert wait_until(lambda: watcher.restarts == 1)
        assert calls.reached(tmp_path, 2)
        before = calls.count[tmp_path]
        make_file(tmp_path / "a.mp4", "x")
        assert calls.reached(tmp_path, before + 1)
        assert "started again" in watcher.problem


def test_everything_is_looked_at_again_now_and_then(tmp_path: Path) -> None:
    with watching(tmp_path, rescan_every=0.1) as (_, calls):
        assert calls.reached(tmp_path, 4)


def test_where_the_system_has_no_watches_left_the_rescan_remains(tmp_path: Path) -> None:
    # A process of its own, that may open no file more: inotify then refuses for real.
    script = """
import os, resource, sys, threading
from pathlib import Path
from app.disk.watcher import Watcher
calls = threading.Semaphore(0)
free = os.dup(0)
os.close(free)
resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
folder = Path(sys.argv[1])
with Watcher([folder], lambda changed: calls.release(), rescan_every=0.1) as watcher:
    assert calls.acquire(timeout=20) and calls.acquire(timeout=20)
    print(watcher.unwatched[folder])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (
        0,
        f"{tmp_path} cannot be watched: the system has no watches left.\n",
    ), done.stderr


def test_settling_waits_for_what_grows_without_an_event(tmp_path: Path) -> None:
    settling = Debounce(2.0)
    file = make_file(tmp_path / "a.mp4", "x")
    settling.note(file, tmp_path, now=0.0)
    assert settling.next_due() == 2.0
    assert settling.settled(1.9) == []
    make_file(file, "xx")
    assert settling.settled(2.0) == []
    assert settling.next_due() == 4.0
    assert settling.settled(4.0) == [tmp_path]
    assert settling.next_due() is None

    settling.note(tmp_path / "gone.mp4", tmp_path, now=5.0)
    settling.note(file, tmp_path, now=5.0)
    assert settling.settled(7.0) == [tmp_path]
    settling.note(file, tmp_path, now=8.0)
    settling.forget(tmp_path)
    assert settling.settled(99.0) == []
