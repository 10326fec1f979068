"""The folder of the models that were added, and the bundled one beside them.

A model is one folder, named by its manifest. It appears by a rename when it is whole and was checked, and
goes away by a rename, so that a program that ends in between leaves either the model or nothing. What is
being made or thrown away is in `.staging`; a lock per folder tells what is in use from what was left behind.
"""

import logging
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.bundle.description import printable
from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.bundle.graph_rules import inspect_bundle
from app.bundle.sampling_head import load_head
from app.errors import ModelError, UsageError
from app.model_store.installed import InstalledModel, foreign_entry, look_at
from app.paths import bundled_model, models_folder

__all__ = ["InstalledModel", "ModelStore"]

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,98}[a-z0-9_-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that mean a device to Windows, with any suffix."""
_LOCK_SECONDS = 60.0
_STAGED = "tmp"
_STAGED_NAME = re.compile(rf"{_STAGED}[a-z0-9_]{{4,8}}(\.lock)?")
"""What `mkdtemp` makes of it, and its lock."""


class ModelStore:
    """The models on this computer."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the store in `folder`, which is made when something is added; the user's own where None."""
        self.folder = folder or models_folder()

    def installed(self) -> list[InstalledModel]:
        """All models, the bundled one first, damaged ones included; no weights are read."""
        try:
            folders = sorted(filter(_may_be_model, self.folder.iterdir()))
        except FileNotFoundError:
            folders = []
        except OSError as error:
            raise ModelError(
                f"The models in “{self.folder}” cannot be listed ({error.strerror}).",
                "See that the folder can be read.",
            ) from error
        return [look_at(bundled_model(), bundled=True), *map(look_at, folders)]

    def find(self, name: str) -> InstalledModel:
        """The model of this name.

        Raises:
            UsageError: there is none.
        """
        models = self.installed()
        for model in models:
            if model.name == name:
                return model
        names = ", ".join(model.name for model in models)
        raise UsageError(f"There is no model “{name}” here.", f"There are: {names}.")

    def remove(self, name: str) -> None:
        """Delete a model from this computer.

        Raises:
            UsageError: there is no such model, it is the bundled one, or its folder is a link or holds what
                is no part of a model.
            ModelError: it cannot be deleted.
        """
        model = self.find(name)
        if model.bundled:
            raise UsageError(f"{model.title} belongs to Reelfind and cannot be removed.")
        try:
            _check_removable(model.folder)
            with self.staging() as staged:
                model.folder.rename(staged / "removed")
        except OSError as error:
            raise ModelError(
                f"{model.title} cannot be removed ({error.strerror}).", f"Delete “{model.folder}” yourself."
            ) from error

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder inside the store, deleted at the end with what is still in it.

        Folders that were left behind by a program that was killed are deleted now.

        Raises:
            ModelError: nothing can be written there.
        """
        try:
            root = self.folder / ".staging"
            if root.is_symlink():
                raise ModelError(f"“{root}” is a link, which Reelfind does not follow.", "Delete the link.")
            root.mkdir(parents=True, exist_ok=True)
            with _locked(root / ".lock"):
                _sweep(root)
                staged = Path(tempfile.mkdtemp(prefix=_STAGED, dir=root))
                in_use = FileLock(_lock_of(staged))
                in_use.acquire()
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)
            in_use.release()
            _lock_of(staged).unlink(missing_ok=True)

    def adopt(self, staged: Path, *, trial: Callable[[Path], None] = lambda _folder: None) -> InstalledModel:
        """Check the bundle in `staged`, a folder within `staging()`, and make it one of the models.

        One that is there already with the same vectors stays as it is; a damaged one is replaced.

        Args:
            staged: the bundle's folder.
            trial: called with it when its files were looked into; raises where it is not to be taken.

        Raises:
            ModelError: it is no bundle, its files are not those of its manifest, or a graph is refused.
            UsageError: there is another model of its name.
        """
        # The trial has limits and comes first: what takes too much memory to read, does so there. Its verdict
        # is not all, since a graph ran in its process.
        trial(staged)
        bundle = load_bundle(staged)
        _inspect(bundle)
        if not _NAME.fullmatch(bundle.name) or _RESERVED.fullmatch(bundle.name):
            raise ModelError(
                f"The model's name “{bundle.name}” cannot be that of a folder.",
                "Export it under a name of lower-case letters, digits, dots and hyphens.",
            )
        shipped = look_at(bundled_model(), bundled=True)
        if bundle.name == shipped.name:
            there = shipped.identity
        else:
            try:
                with _locked(self.folder / ".staging" / ".lock"):
                    there = _put(staged, self.folder / bundle.name)
            except OSError as error:
                raise _unwritable(self.folder, error) from error
        if there not in {"", bundle.identity}:
            raise UsageError(
                f"There is another model called “{bundle.name}” already.",
                "Export yours under another name, or remove the other one first: reelfind models remove.",
            )
        return self.find(bundle.name)


def _may_be_model(path: Path) -> bool:
    """Whether an entry of the models' folder is listed: any folder is, with what is wrong with it."""
    if path.name.startswith(".") or path.name == bundled_model().name:
        return False
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        return isinstance(error, PermissionError)  # else a link in a circle, or one to nowhere


def _check_removable(folder: Path) -> None:
    """Raise UsageError unless a model's folder is one, and holds nothing but a model's files."""
    if folder.is_symlink():
        raise UsageError(
            f"“{folder}” is a link, and Reelfind deletes nothing behind a link.", "Delete the link yourself."
        )
    if foreign := foreign_entry(folder):
        raise UsageError(
            f"“{folder}” also holds “{printable(foreign)}”, which is not part of a model.",
            "Nothing was deleted; move it elsewhere and try again.",
        )


def _put(staged: Path, target: Path) -> str:
    """Rename a checked bundle into its place, unless an intact one is there: then return its identity."""
    if target.is_symlink() or target.exists():
        try:
            return load_bundle(target).identity
        except ModelError as error:
            _check_removable(target)
            logger.info("replacing a damaged model: %s", error)
            target.rename(staged.parent / "damaged")
    staged.rename(target)
    return ""


def _inspect(bundle: EncoderBundle) -> None:
    """Look into the files whose hashes are right."""
    inspect_bundle(bundle)
    load_head(bundle)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file of the store; a link is not followed, since opening a lock empties the file."""
    if path.is_symlink():
        raise ModelError(f"“{path}” is a link, which Reelfind does not follow.", "Delete the link.")
    try:
        with FileLock(path, timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise ModelError(
            "Another Reelfind is adding or removing a model right now.", "Try again when it is done."
        ) from error


def _sweep(root: Path) -> None:
    """Delete what nobody uses any more; the root's lock is held. What has no name of ours is left alone."""
    for left in root.iterdir():
        if left.is_symlink() or not _STAGED_NAME.fullmatch(left.name):
            continue
        if left.is_dir():
            lock = _lock_of(left)
            if lock.is_symlink():
                continue
            try:
                with FileLock(lock, timeout=0):
                    logger.info("deleting what was left behind in %s", left)
                    shutil.rmtree(left, ignore_errors=True)
            except Timeout:
                continue
            lock.unlink(missing_ok=True)
        elif left.suffix == ".lock" and not left.with_suffix("").is_dir():
            left.unlink(missing_ok=True)


def _lock_of(staged: Path) -> Path:
    return staged.with_name(staged.name + ".lock")


def _unwritable(folder: Path, error: OSError) -> ModelError:
    return ModelError(
        f"Models cannot be kept in “{folder}” ({error.strerror or error}).",
        "Make room there, or see that the folder can be written to.",
    )
