"""From what a person names (a repository, a folder, an archive) to a folder with an export in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.bundle.description import printable
from app.errors import DownloadError, ModelError
from app.model_intake.archives import MOST_BYTES, make_sure_of_room, opened_archive, reading, unpack
from app.model_intake.hub.repository import Repository, fetch_files, list_repository
from app.model_intake.layouts.detection import Wanted, partner, paths_below, refusal, wanted_files

_MOST_ENTRIES = 5_000
_HALVES = ("vision", "text")

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Obtained:
    """An export in a folder of its own."""

    folder: Path
    name: str
    source: str
    """For people: repository and commit, or the folder's or archive's name."""
    licence: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by path of what was fetched."""
    repository: str = ""
    commit: str = ""


def obtain_repository(
    name: str,
    cache: Path,
    *,
    pins: Mapping[str, str] | None = None,
    hub: str = "",
    report: Report = lambda _done, _total: None,
) -> Obtained:
    """Fetch an export from the hub; a half of a pair of repositories brings the other half.

    Args:
        name: `owner/name` or `owner/name@commit`; of a pair either half, or what both begin with.
        cache: folder of what was downloaded, where a download that was cut off goes on.
        pins: SHA-256 by path that the files must have; of a pair below `vision/` and `text/`.
        hub: address; the usual one where empty.
        report: told the bytes that are there and those of all.

    Raises:
        UsageError: that is no repository's name.
        DownloadError: it cannot be fetched, or is not what is pinned.
        ModelError: it holds no export that is understood.
    """
    parts = _parts(name, hub)
    first = next(iter(parts.values()))[0]
    title = first.name
    for half in _HALVES if len(parts) > 1 else ():
        title = title.removesuffix(f"-{half}")
    folder = cache / title.replace("/", "--") / first.commit
    sizes = [sum(part.files[path].size or 0 for path in wanted.files) for part, wanted in parts.values()]
    files: dict[str, str] = {}
    for number, (half, (part, wanted)) in enumerate(parts.items()):
        before, rest = sum(sizes[:number]), sum(sizes[number + 1 :])
        prefix = f"{half}/" if half else ""
        pinned = {
            path.removeprefix(prefix): digest
            for path, digest in (pins or {}).items()
            if path.startswith(prefix)
        }

        def tell(done: int, total: int, before: int = before, rest: int = rest) -> None:
            report(before + done, before + total + rest)

        fetched = fetch_files(part, wanted.files, folder / half, pins=pinned or None, hub=hub, report=tell)
        files |= {prefix + path: digest for path, digest in fetched.items()}
    source = ", ".join(f"{part.name} at {part.commit[:12]}" for part, _ in parts.values())
    return Obtained(folder, title, source, first.licence, files, title, first.commit)


def obtain_path(path: Path, folder: Path) -> Obtained:
    """Copy or unpack an export that lies on this computer into `folder`.

    Args:
        path: a folder, or a zip archive.
        folder: made; nothing is in it before.

    Raises:
        UsageError: it is neither.
        ModelError: it holds no export that is understood, is refused, or cannot be read.
    """
    name = printable(path.name)
    if not path.is_dir():
        with opened_archive(path, _MOST_ENTRIES) as archive:
            entries = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            wanted = _understood(entries)
            unpack(archive, {entry: folder / entry for entry in wanted.files})
        return Obtained(folder, Path(path.name).stem, name)
    with reading(name):
        paths = list(paths_below(path))
        wanted = _understood(paths)
        sizes = [(path / inside).stat().st_size for inside in wanted.files]
        if sum(sizes) > MOST_BYTES:
            raise ModelError("The export is too large.", "Choose another model.")
        folder.mkdir(parents=True)
        make_sure_of_room(sum(sizes), folder)
        for inside in wanted.files:
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            if not (path / inside).is_file() or (path / inside).is_symlink():
                raise ModelError(f"“{printable(inside)}” is no plain file.", "Copy the export without links.")
            shutil.copyfile(path / inside, target)
    return Obtained(folder, path.resolve().name, name)


def _parts(name: str, hub: str) -> dict[str, tuple[Repository, Wanted]]:
    """The repositories that make a model, by which half of it they are (“” where one is all)."""
    first = _first(name, hub)
    wanted = _understood(list(first.files))
    if not wanted.half:
        return {"": (first, wanted)}
    other = partner(first.name)
    if other is None:
        raise refusal(list(first.files))
    second = list_repository(other, hub=hub)
    found = _understood(list(second.files))
    halves: dict[str, tuple[Repository, Wanted]] = {wanted.half: (first, wanted), found.half: (second, found)}
    if set(halves) != set(_HALVES):
        raise refusal(list(first.files))
    return {half: halves[half] for half in _HALVES}


def _first(name: str, hub: str) -> Repository:
    """The repository of this name; where there is none, the vision half of a pair whose names begin so."""
    try:
        return list_repository(name, hub=hub)
    except DownloadError:
        if "@" not in name and partner(name) is None:
            with suppress(DownloadError):
                return list_repository(f"{name}-vision", hub=hub)
        raise


def _understood(paths: list[str]) -> Wanted:
    wanted = wanted_files(paths)
    if wanted is None:
        raise refusal(paths)
    return wanted
