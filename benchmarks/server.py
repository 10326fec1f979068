"""A served library under load: many clients search at once; how long they wait, and whether memory stays.

    python -m benchmarks.server [--frames N] [--library FOLDER] [--clients N] [--minutes M]

The library is that of `benchmarks.scale`, made by the program's own paths and kept. The server is a process
of its own (`reelfind serve --no-index`), each client a connection that asks for another text as soon as it is
answered, so that the server is never idle. An hour is `--minutes 60`.
"""

import json
import os
import re
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx2
import numpy as np

from app.paths import cache_folder
from app.search.scorers.hubness import bank_texts
from benchmarks import machine
from benchmarks.scale.place import Place
from benchmarks.scale.process_usage import processor_seconds, resident
from benchmarks.scale.synthetic_library import fill

MOST_PEOPLE = 40
"""Each has a rate of requests of their own."""
_WARMING = 20
"""Searches before the first that counts."""
_SAMPLE_SECONDS = 5.0
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""It is http: fifty clients that load this computer's authorities would be seen in the first seconds."""


@dataclass(slots=True)
class Load:
    """What clients saw and what the server took."""

    seconds: list[float] = field(default_factory=list)
    """Of each search."""
    refused: Counter[int] = field(default_factory=Counter)
    """How often by status."""
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the start, with MiB of the server's processes beyond mapped files."""
    wall: float = 0.0
    processor: float = 0.0
    """Seconds of the server's processes."""

    def lines(self) -> Iterator[str]:
        """The figures, in words."""
        took = 1e3 * np.array(self.seconds)
        searches = len(self.seconds)
        why = "".join(f", {status} {often} times" for status, often in sorted(self.refused.items()))
        yield f"{searches:,} searches in {self.wall:.0f} s, {self.refused.total()} refused{why}"
        yield f"throughput {searches / self.wall:.1f} searches a second"
        p50, p95 = np.percentile(took, [50, 95])
        yield f"waiting p50 / p95 / worst {p50:.0f} / {p95:.0f} / {took.max():.0f} ms"
        yield f"processor {1e3 * self.processor / searches:.1f} ms a search"
        parts = np.array_split(np.array([size for _, size in self.memory]), 4)
        shown = " → ".join(f"{statistics.median(part):.0f}" for part in parts if len(part))
        yield f"memory beyond mapped files, medians of the quarters: {shown} MiB"


@contextmanager
def served(library: Path, home: Path) -> Iterator[tuple["subprocess.Popen[str]", str, list[str]]]:
    """A server's process, its address, and people's tokens."""
    names = [f"person{number}" for number in range(MOST_PEOPLE)]
    people = [option for name in names for option in ("--person", name)]
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--no-index", *people]
    environment = os.environ | {"REELFIND_HOME": str(home)}
    with subprocess.Popen(
        [*command, "--library", str(library)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+:\d+", process.stdout.readline())
            assert found is not None
            tokens = json.loads((home / "server-people.json").read_text("utf-8"))[str(library)]
            yield process, found[0], [tokens[name] for name in names]
        finally:
            process.terminate()
            process.wait(60)


def measure(
    process: "subprocess.Popen[str]", url: str, tokens: list[str], clients: int, seconds: float
) -> Load:
    """Let so many clients search for so long."""
    texts = bank_texts()
    load, lock = Load(), threading.Lock()
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        headers = {"Authorization": f"Bearer {tokens[number % len(tokens)]}"}
        with httpx2.Client(
            base_url=url, headers=headers, trust_env=False, verify=_NO_AUTHORITIES, timeout=120
        ) as http:
            place = number * 997
            asked = 0
            while not asked or time.monotonic() < end:
                asked += 1
                started = time.monotonic()
                answer = http.get("/api/v1/search", params={"q": texts[place % len(texts)], "limit": 20})
                took = time.monotonic() - started
                place += clients
                with lock:
                    if answer.status_code == 200:
                        load.seconds.append(took)
                    else:
                        load.refused[answer.status_code] += 1

    with httpx2.Client(base_url=url, trust_env=False, verify=_NO_AUTHORITIES, timeout=600) as first:
        for text in texts[:_WARMING]:
            asked = {"q": text}
            headers = {"Authorization": f"Bearer {tokens[0]}"}
            first.get("/api/v1/search", params=asked, headers=headers).raise_for_status()
    threads = [threading.Thread(target=client, args=[number]) for number in range(clients)]
    before, started = processor_seconds(process.pid), time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        load.memory.append((time.monotonic() - started, resident(process.pid).beyond_files))
        threads[0].join(min(_SAMPLE_SECONDS, seconds / 20))
    load.wall, load.processor = time.monotonic() - started, processor_seconds(process.pid) - before
    return load


@click.command()
@click.option("--frames", default=1_000_000, show_default=True, type=click.IntRange(1000))
@click.option("--library", "folder", type=click.Path(path_type=Path), help="Where it is (default: a cache).")
@click.option("--clients", default=50, show_default=True, type=click.IntRange(1, 60))
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(0.01, 600))
def main(frames: int, folder: Path | None, clients: int, minutes: float) -> None:
    """Measure what many who search at once wait for."""
    place = Place((folder or cache_folder() / "scale") / str(frames), frames)
    place.folder.mkdir(parents=True, exist_ok=True)
    fill(place)
    load_before = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{frames:,} frames, {clients} clients; {machine.describe()}; load before {load_before:.1f}")
    with tempfile.TemporaryDirectory() as home, served(place.library, Path(home)) as (process, url, tokens):
        for line in measure(process, url, tokens, clients, 60 * minutes).lines():
            print(line, flush=True)


if __name__ == "__main__":
    main()
