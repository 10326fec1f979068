"""`reelfind sources text on`, `index`, and the sign is a line of the library."""

import sqlite3
from pathlib import Path

import pytest

from app.errors import ReelfindError
from app.extras import install_command
from app.indexing.behind import line_sources
from app.lines.line import Source
from app.settings import Settings
from app.writing.models import find_models
from benchmarks.written_videos import Text, make_written_video
from tests.cli.little_library import use_colours
from tests.cli.sources.test_sources import listed, reelfind

HAS_THE_EXTRA = True
try:
    find_models()
except ReelfindError:
    HAS_THE_EXTRA = False


@pytest.mark.skipif(not HAS_THE_EXTRA, reason="the extra text is not installed")
def test_a_sign_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    folder, library = tmp_path / "films", tmp_path / "library"
    folder.mkdir()
    use_colours(library)
    make_written_video(folder / "a.mp4", [Text("Hotel Bellevue")], seconds=3, rate=4)
    assert reelfind(library, "index", folder).returncode == 0
    before = listed(library)["text"]
    assert (before["on"], before["ready"], before["lines"]) == (False, True, 0)
    done = reelfind(library, "index", "--sources", "text")
    assert done.returncode == 0, done.stderr
    assert "Text of 1 video read: 1 line." in done.stdout
    assert listed(library)["text"]["lines"] == 1
    [database] = library.glob("*.db")
    with sqlite3.connect(database) as opened:
        assert opened.execute("SELECT source, text FROM lines WHERE source = 'writing'").fetchall() == [
            ("writing", "Hotel Bellevue")
        ]
    opened.close()


def test_without_the_extra_the_source_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.writing.models._PACKAGE", "a_package_that_nobody_has")
    found = {each.source: each for each in line_sources.line_sources(Settings())}
    text = found[Source.WRITING]
    assert text.open is None
    assert "is not installed" in text.problem
    assert text.advice == f"Install it: {install_command('text')}"
    assert found[Source.SUBTITLE].problem == ""
