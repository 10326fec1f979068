"""`export-library` and `import-library`: a library's work as one JSON file (docs/library-export.md)."""

import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import Merged, Target
from app.catalogue.records import Video
from app.errors import ReelfindError, UsageError
from app.keeping.export_format import FORMAT, VERSION, read_export, unwritable
from app.settings import STORED_AS, Settings
from app.text import shown

_OF_THIS_COMPUTER = {"model", "next_model"}
"""Settings that name folders of models."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    merged: Merged
    folders: tuple[Path, ...]
    """Folders that are watched from now on."""
    not_added: tuple[Path, ...]
    """Folders of the file that are not watched here, and were not added."""
    settings: int
    """Settings that were taken over."""


def export_library(catalogue: Catalogue, path: Path, *, force: bool = False) -> dict[str, Any]:
    """Write a library's work into a file: all at once or not at all.

    Args:
        catalogue: the library's.
        path: of the file.
        force: whether a file that is there is replaced.

    Returns:
        What was written.

    Raises:
        UsageError: there is a file of this name, or a folder.
        LibraryError: it cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{shown(path)} is a folder.", "Name the file to write in it.")
    if os.path.lexists(path) and not force:
        raise _taken(path)
    content = content_of(catalogue)
    data = json.dumps(content, ensure_ascii=True, indent=1).encode("ascii")
    try:
        _write(path, data, force=force)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise unwritable(path, error) from error
    return content


def content_of(catalogue: Catalogue) -> dict[str, Any]:
    """The object of docs/library-export.md."""
    kept = catalogue.kept_library()
    folders = catalogue.watched()
    places = {folder.id: number for number, folder in enumerate(folders)}
    roots = {folder.id: folder.path for folder in folders}
    videos: dict[str, dict[str, Any]] = {
        video.fingerprint: _video(video, places[video.folder_id], roots[video.folder_id])
        for video in reversed(catalogue.videos())
        if video.fingerprint is not None and video.folder_id in places
    }
    for content in kept.contents:
        videos.setdefault(
            content.fingerprint,
            {
                "fingerprint": content.fingerprint,
                "folder": None,
                "name": str(content.path),
                "size": content.size,
                "duration": content.duration,
            },
        )
    stored = catalogue.setting(STORED_AS, {})
    settings = Settings.from_json(stored if isinstance(stored, dict) else {}).to_json()
    return {
        "format": FORMAT,
        "version": VERSION,
        "made": round(time.time(), 3),
        "folders": [{"path": str(folder.path)} for folder in folders],
        "settings": {
            name: value for name, value in settings.items() if name not in _OF_THIS_COMPUTER | {"version"}
        },
        "videos": [videos[number] for number in sorted(videos)],
        "marks": [
            {
                **_target(mark.target),
                "kind": mark.kind.value,
                "value": mark.value,
                "made": mark.made,
            }
            for mark in kept.marks
        ],
        "favourites_of_people": [
            {"person": mark.person, **_target(mark.target), "made": mark.made} for mark in kept.of_people
        ],
        "collections": [{"name": each.name, "made": each.made} for each in kept.collections],
        "searches": [{"name": each.name, "query": each.query, "made": each.made} for each in kept.searches],
        "history": [
            {"query": each.query, "times": each.times, "searched": each.searched} for each in kept.past
        ],
    }


def import_library(
    catalogue: Catalogue, path: Path, *, folders: bool = False, settings: bool = False
) -> Imported:
    """Put what a file holds beside what is in a library; twice is once.

    Args:
        catalogue: the library's.
        path: of a file that `export_library` wrote.
        folders: whether its folders are watched from now on, where they are there.
        settings: whether its settings are taken over, models aside.

    Raises:
        UsageError: it is no such file, of a newer version, or something in it makes no sense: then nothing
            was changed.
        LibraryError: the library cannot be written.
    """
    exported = read_export(path)
    merged = catalogue.merge_kept(exported.kept)
    changed = _take_settings(catalogue, exported.settings) if settings else 0
    watched = [folder.path for folder in catalogue.watched()]
    added: list[Path] = []
    missing: list[Path] = []
    for folder in exported.folders:
        if any(folder.is_relative_to(each) for each in watched):
            continue
        try:
            if not folders or not folder.is_absolute():
                raise UsageError("not asked for")
            added.append(catalogue.add_folder(folder).path)
        except ReelfindError:
            missing.append(folder)
    return Imported(merged, tuple(added), tuple(missing), changed)


def _take_settings(catalogue: Catalogue, values: dict[str, str | float | bool]) -> int:
    """Take over values that make sense; returns how many are others now."""
    changed = 0

    def change(stored: Any) -> dict[str, Any]:
        nonlocal changed
        before = Settings.from_json(stored if isinstance(stored, dict) else {}).to_json()
        after = before
        for name in before.keys() & values.keys() - _OF_THIS_COMPUTER:
            changed_one = Settings.from_json(after | {name: values[name]}).to_json()
            after = changed_one if changed_one[name] == values[name] else after
        changed = sum(before[name] != after[name] for name in after)
        return after

    catalogue.change_setting(STORED_AS, change)
    return changed


def _target(target: Target) -> dict[str, Any]:
    return {
        "fingerprint": target.fingerprint,
        "start": None if target.span is None else target.span.start,
        "end": None if target.span is None else target.span.end,
    }


def _video(video: Video, folder: int, root: Path) -> dict[str, Any]:
    return {
        "fingerprint": video.fingerprint,
        "folder": folder,
        "name": str(video.path.relative_to(root)),
        "size": video.size,
        "duration": video.facts.duration if video.facts else None,
    }


def _write(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file beside its place, then put it there; only if `force` where one came there meanwhile."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".reelfind-", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if force:
            temporary.replace(path)
            return
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if os.path.lexists(path):
                raise FileExistsError from None
            temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink()


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"There is a file {shown(path)} already.", "Name another one, or replace it with --force."
    )
