"""`reelfind serve` as a process: what it prints, whom it lets in, how it ends."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.certificates import NO_AUTHORITIES
from tests.conftest import wait_until
from tests.forked_program import run_program, start_program

TOKEN = "-".join(["a-token-of-a-test"] * 2)


def command(home: Path, *options: str, **variables: str) -> "subprocess.Popen[str]":
    return start_program(
        ["serve", "--port", "0", *options],
        loaded=["app.server.library_server"],
        env=os.environ | {"REELFIND_HOME": str(home)} | variables,
    )


def refused(home: Path, *options: str) -> str:
    with command(home, *options) as process:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 2
    return said


@contextmanager
def serving(home: Path, *options: str, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server that runs, with its address."""
    with command(home, *options, **variables) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            found = re.search(r"https?://\S+:\d+", first)
            assert found, first + process.stdout.read()
            yield process, found[0]
        finally:
            process.kill()


def lines_until(process: "subprocess.Popen[str]", last: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.strip().startswith(last):
            return lines
    raise AssertionError(lines)


def test_it_lets_people_in_indexes_and_ends_in_order(served_videos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    home = tmp_path / "home"
    videos = tmp_path / "videos"
    videos.mkdir()
    shutil.copy2(served_videos / "later.webm", videos)
    add: list[str | Path] = ["add", videos, "--library", library]
    run_program(add, check=True, env=os.environ | {"REELFIND_HOME": str(home)})
    with serving(home, "--person", "anna", "--library", str(library)) as (process, url):
        printed = lines_until(process, "owner: ") + lines_until(process, "For other programs")
        links = [line.partition(": ")[2] for line in printed if "/enter?code=" in line]
        assert len(links) == 2
        owner, anna = (line.partition(": ")[2] for line in lines_until(process, "anna: ")[-2:])
        assert owner != anna
        with httpx2.Client(base_url=url, trust_env=False, verify=NO_AUTHORITIES, timeout=60) as client:
            headers = {"Authorization": f"Bearer {anna}"}
            assert client.get("/api/v1/status", headers=headers).json()["person"] == "anna"
            code = links[0].rpartition("=")[2]
            assert client.post("/enter", data={"code": code}).status_code == 303

            def complete() -> bool:
                return client.get("/api/v1/status").json()["indexed"] == 1

            assert wait_until(complete, timeout=120)
            with client.stream("GET", "/api/v1/events") as stream:
                next(stream.iter_bytes())
                process.send_signal(signal.SIGTERM)
                assert process.wait(30) == 128 + signal.SIGTERM
    kept = (home / "server-people.json").read_text("utf-8")
    assert owner in kept
    assert not list(home.rglob("*.log"))


def test_ctrl_c_ends_it_and_a_given_token_is_neither_printed_nor_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home, "--no-index", REELFIND_SERVER_TOKEN=TOKEN) as (process, url):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert (
            httpx2.get(
                f"{url}/api/v1/status", headers=headers, trust_env=False, verify=NO_AUTHORITIES
            ).status_code
            == 200
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 128 + signal.SIGINT
        assert process.stdout is not None
        said = process.stdout.read()
    assert TOKEN not in said
    assert "as given" in said
    assert not (home / "server-people.json").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--host", "0.0.0.0"], "could read along"),  # noqa: S104 - refused
        (["--host", "192.0.2.7", "--insecure-http"], "cannot listen"),
        (["--key", "key.pem"], "A key alone"),
        (["--person", "a/b"], "cannot be called"),
        (["--certificate", "absent.pem"], "certificate or its key"),
    ],
)
def test_what_a_careful_person_would_not_do_is_refused(
    tmp_path: Path, options: list[str], sentence: str
) -> None:
    assert sentence in refused(tmp_path / "home", *options)


def test_without_the_extra_a_sentence_says_what_to_install(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "fastapi"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError('fastapi')")
    done = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0"],
        env=os.environ | {"REELFIND_HOME": str(tmp_path / "home"), "PYTHONPATH": str(hidden.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install" in done.stderr
    assert "serve" in done.stderr
