"""A real `reelfind serve` in a process of its own, with a small library of real videos."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.connecting.service_address import read_address
from app.remote_library.server_place import ServerPlace
from app.session import Session
from tests.bundles import make_bundle
from tests.certificates import CertificateFiles
from tests.conftest import wait_until
from tests.encoder_service.service_process import TOKEN
from tests.forked_program import start_program
from tests.made_once import made_once
from tests.videos import Scene, make_video

_SECONDS = 60
LONG = "long red.mp4"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    url: str
    tokens: dict[str, str]
    """By person."""
    process: "subprocess.Popen[str]"
    certificate: str = ""
    """PEM that its clients are to trust."""

    def place(self, person: str = "owner") -> ServerPlace:
        """The server as a person's window knows it."""
        return ServerPlace(read_address(self.url), self.tokens[person], self.certificate)

    @property
    def port(self) -> int:
        """Where it listens."""
        return read_address(self.url).port

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(_SECONDS)


def copied_library(factory: pytest.TempPathFactory) -> Path:
    """A library of three videos: red then blue, green, and two minutes of noisy red.

    Its folder may be changed, the videos' not: others have them too.
    """
    made = made_once(factory, "served library", _make_library)
    return Path(shutil.copytree(made / "library", factory.mktemp("served") / "library"))


def _make_library(folder: Path) -> None:
    videos = folder / "videos"
    videos.mkdir()
    make_video(videos / "red then blue.mp4", [Scene("red", 3, "still"), Scene("blue", 3, "still")], gop=10)
    make_video(videos / "green.mkv", [Scene("green", 4, "still")], gop=10)
    quickly = {"preset": "ultrafast"}
    make_video(videos / LONG, [Scene("red", 120, "noise")], rate=3, gop=3, audio=True, options=quickly)
    bundle = make_bundle(folder / "colours")
    with Session(folder / "library", bundle) as session:
        session.use_model(bundle, now=True)
        session.add_folder(videos)
        session.indexer.start()
        assert wait_until(lambda: sum(each.indexed for each in session.folders()) == 3, 120)
        assert wait_until(lambda: not session.indexer.running)


@contextmanager
def running_server(
    library: Path,
    home: Path,
    *,
    people: Sequence[str] = ("ada", "bob"),
    port: int = 0,
    certificate: CertificateFiles | None = None,
) -> Iterator[Server]:
    """`reelfind serve`, with a certificate or without, until the block ends."""
    persons = [word for name in people for word in ("--person", name)]
    if certificate is not None:
        persons += ["--certificate", str(certificate.certificate), "--key", str(certificate.key)]
    process = start_program(
        ["serve", "--port", str(port), "--no-index", *persons, "--library", library],
        loaded=["app.server.library_server"],
        env=os.environ | {"REELFIND_HOME": str(home), "REELFIND_SERVER_TOKEN": TOKEN},
    )
    assert process.stdout is not None
    said: list[str] = []
    rest = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        tokens = {"owner": TOKEN}
        while set(tokens) != {"owner", *people}:
            line = process.stdout.readline()
            said.append(line)
            assert line, "".join(said)
            if (found := re.fullmatch(r"\s+(\w+): ([\w-]{16,})\n", line)) is not None:
                tokens[found[1]] = found[2]
        url = re.search(r"https?://[^\s/]+:\d+", "".join(said))
        assert url, "".join(said)
        rest.start()
        trusted = "" if certificate is None else certificate.certificate.read_text("ascii")
        yield Server(url[0], tokens, process, trusted)
    finally:
        process.terminate()
        process.wait(_SECONDS)
        if rest.ident is not None:
            rest.join()
        process.stdout.close()
