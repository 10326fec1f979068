"""A model that somebody gives you, as a folder or a zip archive, is taken in; none of it is trusted.

Only the files that the manifest lists are copied, beside README and LICENSE. Hashes and graphs are checked on
the copy, which is then run once (`sandbox.py`): what changes at the source meanwhile, changes nothing here.
An archive with anything odd in it is refused as a whole: nobody packs a model that way by accident.
"""

import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.bundle.description import printable
from app.errors import ModelError
from app.model_intake.archives import (
    MOST_BYTES,
    copy_exactly,
    make_sure_of_room,
    opened_archive,
    reading,
    refused,
)
from app.model_intake.gate.sandbox import run_in_sandbox
from app.model_store.installed import (
    EXTRA,
    MANIFEST,
    MANIFEST_BYTES,
    InstalledModel,
    parse_manifest,
    read_manifest,
)
from app.model_store.store import ModelStore

MOST_FILES = 64
"""Of a model; an archive may have four times as many entries."""
_EXTRA_BYTES = 1 << 20
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,98}")


class NoBundleError(ModelError):
    """An archive holds no model as Reelfind exports them; it may hold something else."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of the source."""

    name: str
    length: int
    """In bytes, as announced."""
    opened: Callable[[], IO[bytes]]


def import_bundle(source: Path, store: ModelStore) -> InstalledModel:
    """Check the model in `source` and make it one of the store's.

    Args:
        source: a folder, or a zip archive with the model's files at its top or in one folder.
        store: where it goes.

    Raises:
        UsageError: `source` is neither, or the store has another model of this name.
        ModelError: it is refused, damaged, or cannot be read.
    """
    name = printable(source.name)
    with reading(name):
        is_folder = source.is_dir()
        entries = _entries_of_folder(source, read_manifest(source / MANIFEST)) if is_folder else []
    if is_folder:
        return _take(entries, store)
    with opened_archive(source, 4 * MOST_FILES) as archive:
        with reading(name):
            inside = _beside_manifest(archive)
            with archive.open(inside[MANIFEST]) as stream:
                manifest = parse_manifest(stream.read(MANIFEST_BYTES + 1))
        return _take(_entries_of_archive(archive, inside, manifest), store)


def _take(entries: list[_Entry], store: ModelStore) -> InstalledModel:
    """Copy the files into the store's staging folder and let it look at them."""
    with store.staging() as staging:
        bundle = staging / "bundle"
        bundle.mkdir()
        make_sure_of_room(sum(entry.length for entry in entries), staging)
        for entry in entries:
            with reading(entry.name):
                copy_exactly(entry.opened, entry.length, bundle / entry.name)
        return store.adopt(bundle, trial=run_in_sandbox)


def _wanted(manifest: dict[str, Any]) -> list[str]:
    """Names of the files that a manifest lists, each a plain one."""
    names = list(manifest["files"])
    if len(names) > MOST_FILES:
        raise refused(f"it lists {len(names)} files")
    for name in names:
        if not _FILE_NAME.fullmatch(name):
            raise refused(f"its description names {name!r:.80}, which is no file of it")
    if len({name.casefold() for name in [*names, MANIFEST]}) <= len(names):
        raise refused("its description names two files that are the same to some computers")
    return names


def _entries_of_folder(folder: Path, manifest: dict[str, Any]) -> list[_Entry]:
    extra = [path.name for path in folder.iterdir() if EXTRA.fullmatch(path.name)]
    found = []
    for name in dict.fromkeys([MANIFEST, *_wanted(manifest), *extra]):
        path = folder / name
        facts = path.lstat() if path.is_symlink() or path.exists() else None
        regular = facts is not None and stat.S_ISREG(facts.st_mode)
        if facts is not None and regular and (name not in extra or facts.st_size <= _EXTRA_BYTES):
            found.append(_Entry(name, facts.st_size, _opener(path)))
        elif name not in extra:
            raise refused(f"its file {name} is {'no plain file' if facts else 'missing'}")
    if sum(entry.length for entry in found) > MOST_BYTES:
        raise refused("it is too large")
    return found


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _beside_manifest(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries beside the manifest, by name."""
    entries = archive.infolist()
    manifests = [entry.filename for entry in entries if entry.filename.split("/")[-1] == MANIFEST]
    top = min(manifests, key=lambda name: name.count("/"), default="")
    if not top or top.count("/") > 1:
        raise NoBundleError(
            f"There is no search model in the archive: it has no {MANIFEST}.",
            "Choose a folder or an archive that holds an exported model.",
        )
    folder = top.removesuffix(MANIFEST)
    beside = (entry for entry in entries if entry.filename.startswith(folder))
    return {entry.filename.removeprefix(folder): entry for entry in beside}


def _entries_of_archive(
    archive: zipfile.ZipFile, inside: dict[str, zipfile.ZipInfo], manifest: dict[str, Any]
) -> list[_Entry]:
    extra = [
        name for name, info in inside.items() if EXTRA.fullmatch(name) and info.file_size <= _EXTRA_BYTES
    ]
    found = []
    for name in dict.fromkeys([MANIFEST, *_wanted(manifest), *extra]):
        if name not in inside:
            raise refused(f"its file {name} is missing")
        info = inside[name]
        found.append(_Entry(name, info.file_size, _unpacker(archive, info)))
    return found


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)
