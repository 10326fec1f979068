"""`reelfind search --server`: the same answers as on the server's own computer."""

import json
import os
from pathlib import Path

from app.remote_library.server_place import VARIABLE
from tests.encoder_service.service_process import TOKEN, free_port
from tests.forked_program import Done, run_program
from tests.remote_library.server_process import Server


def run(*arguments: str, token: str = TOKEN) -> Done:
    return run_program(["search", *arguments], env=os.environ | {VARIABLE: token})


def test_the_answer_is_the_servers_with_pictures_on_this_computer(server: Server) -> None:
    done = run("blue", "--server", server.url, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    first = answer["results"][0]
    assert Path(first["path"]).name == "red then blue.mp4"
    assert Path(first["thumbnail"]).read_bytes()[:4] == b"RIFF"
    assert "red then blue.mp4" in run("blue", "--server", server.url).stdout


def test_why_a_moment_was_found_is_said_by_the_server(server: Server) -> None:
    done = run("blue", "--server", server.url, "--why", "1")
    assert done.returncode == 0, done.stderr
    assert "Why 1." in done.stdout
    assert "blue" in done.stdout.rpartition("Why 1.")[2]
    answer = json.loads(run("blue", "--server", server.url, "--why", "1", "--json").stdout)
    assert answer["why"]["rank"] == 1
    assert len(answer["why"]["steps"][0]["map"]) == 6
    assert "no moment 999" in run("blue", "--server", server.url, "--why", "999").stderr


def test_what_a_server_is_not_asked_with_is_refused(server: Server) -> None:
    for more in (["--scorer", "mean"], ["--image", "dog.jpg"], ["--qb-norm"]):
        done = run("blue", "--server", server.url, *more)
        assert done.returncode != 0
        assert "asked with a text alone" in done.stderr


def test_a_server_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN, encoding="ascii")
    done = run("blue", "--server", f"127.0.0.1:{free_port()}", "--token-file", str(token), token="")
    assert done.returncode != 0
    assert "cannot be reached" in done.stderr
