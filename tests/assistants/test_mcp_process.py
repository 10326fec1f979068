"""`reelfind mcp` as a process: what is on its streams, how it ends, what it says where it cannot begin."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from app.assistants.standard_streams import LONGEST_LINE, lines_of
from tests.assistants.raw_client import SECONDS, Raw, called


def test_it_ends_when_its_input_does(library: Path) -> None:
    raw = Raw(library)
    raw.greet()
    raw.send(called(2, "search_moments", query="red"))
    assert raw.receive()["result"]["structuredContent"]["moments"]
    assert raw.end() == (0, "", "")


def test_a_client_that_says_nothing_is_left_in_order(library: Path) -> None:
    raw = Raw(library)
    assert raw.end() == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_while_its_client_waits(library: Path, number: signal.Signals) -> None:
    raw = Raw(library)
    raw.greet()
    raw.process.send_signal(number)
    raw.process.wait(SECONDS)
    code, out, _ = raw.end()
    assert (code, out) == (128 + number, "")


def test_nonsense_costs_only_an_answer(library: Path) -> None:
    raw = Raw(library)
    raw.greet()
    raw.send(b"nonsense", b"\xff\xfe\x00", b"[" * 5000, b"x" * (LONGEST_LINE + 100), {"jsonrpc": "2.0"})
    raw.send({"jsonrpc": "2.0", "id": 5, "method": "no/such"})
    raw.send(called(6, "search_moments", query="red", count="many"))
    answers = {}
    while 6 not in answers:
        answer = raw.receive()
        answers[answer.get("id")] = answer
    assert answers[5]["error"]["code"] == -32601
    assert answers[6]["result"]["isError"] is True
    assert raw.end()[0] == 0


def test_what_anything_prints_or_breaks_stays_off_the_wire(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    code = """
import os, sys
sys.argv[0] = "reelfind"
from app.assistants.library_tools import LibraryTools
from app.cli import main
search = LibraryTools.search_moments
def noisy(self, asked):
    print("printed", flush=True)
    os.write(1, b"written\\n")
    assert sys.stdin.read() == ""
    return search(self, asked)
def broken(self, asked):
    raise RuntimeError("a secret of ours")
LibraryTools.search_moments, LibraryTools.describe_library = noisy, broken
main()
"""
    raw = Raw(library, "-c", code)
    raw.greet()
    raw.send(called(2, "describe_library"))
    broken = raw.receive()
    raw.send(called(3, "search_moments", query="red"))
    assert raw.receive()["result"]["structuredContent"]["moments"], "it goes on"
    assert broken["result"]["isError"] is True
    assert "a secret" not in json.dumps(broken)
    code_of_end, out, err = raw.end()
    assert (code_of_end, out) == (0, "")
    assert {"printed", "written"} <= set(err.split())
    assert "a secret" not in err
    logs = list((tmp_path / "home").rglob("*.log"))
    assert any("a secret of ours" in log.read_text(encoding="utf-8") for log in logs)


def test_without_its_package_it_says_how_to_install_it(library: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None; sys.argv[0] = 'reelfind'; from app.cli import main; main()"
    returned, out, err = Raw(library, "-c", code).end()
    assert (returned, out) == (1, "")
    assert err.startswith("reelfind: Answering assistants needs a package that is not installed. Install it")
    assert err.count("\n") == 1


def test_a_library_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    returned, out, err = Raw(tmp_path / "none").end()
    assert (returned, out) == (1, "")
    assert "There is no library in" in err
    assert not (tmp_path / "none").exists()


def test_lines_end_where_they_end() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(b"first\n" + b"x" * 40_000 + b"\nsecond\nrest")  # less than a pipe holds
    assert list(lines_of(reading)) == ["first", "x" * 40_000, "second"]
    os.close(reading)
