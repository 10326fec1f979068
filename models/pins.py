"""`python -m models.pins [NAME …]`: pins what is recommended to what its repositories hold now.

For a maintainer with a network. Of each recommended model with a repository (or of those named) it writes the
commit and the SHA-256 of every file that adding it fetches into `resources/models.json`. From then on adding
it fetches these files or none. Look at what a repository holds before you pin it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.errors import ModelError, ReelfindError
from app.model_intake.hub.repository import RepositoryFile, fetch_files, list_repository
from app.model_intake.layouts.detection import refusal, wanted_files
from app.paths import resource


def pinned(repository: str, layout: str, *, hub: str = "") -> tuple[str, dict[str, str]]:
    """The commit that a repository is at, and SHA-256 by path of what adding it fetches.

    Large files are not fetched: the hub says what their SHA-256 is, and adding them checks that.

    Raises:
        DownloadError: the hub cannot be reached, or has no such repository.
        ModelError: what lies there is not laid out so.
    """
    listed = list_repository(repository, hub=hub)
    wanted = wanted_files(list(listed.files))
    if wanted is None:
        raise refusal(list(listed.files))
    if wanted.half or wanted.layout != layout:
        found = f"half a model of {wanted.layout}'s" if wanted.half else f"laid out as {wanted.layout}'s"
        raise ModelError(
            f"“{repository}” is {found}, where {layout}'s is recommended.", "Correct resources/models.json."
        )
    files: dict[str, RepositoryFile] = {path: listed.files[path] for path in wanted.files}
    hashes = {path: file.sha256 for path, file in files.items() if file.sha256}
    small = [path for path in files if path not in hashes]
    with tempfile.TemporaryDirectory(prefix="reelfind-pins-") as folder:
        hashes |= fetch_files(listed, small, Path(folder), hub=hub)
    return listed.commit, dict(sorted(hashes.items()))


def pin(file: Path, names: Sequence[str] = (), *, hub: str = "") -> list[str]:
    """Write the pins of the models so named (all where none is) into a list; returns what failed and why."""
    content = json.loads(file.read_text(encoding="utf-8"))
    failed = []
    for entry in content["models"]:
        if not entry.get("repository") or (names and entry["name"] not in names):
            continue
        try:
            entry["revision"], entry["files"] = pinned(entry["repository"], entry["layout"], hub=hub)
        except ReelfindError as error:
            failed.append(f"{entry['repository']}: {error.sentence} {error.advice}".strip())
    _write(file, content)
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 where a model could not be pinned."""
    parser = argparse.ArgumentParser(prog="python -m models.pins", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="as in resources/models.json")
    parser.add_argument("--hub", default="", help="address of the hub or a mirror")
    given = parser.parse_args(arguments)
    failed = pin(resource("models.json"), given.names, hub=given.hub)
    for line in failed:
        sys.stderr.write(f"{line}\n")
    return 1 if failed else 0


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
