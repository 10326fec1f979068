"""The folder of the models that were added, and the bundled one beside them.

A model is one folder, named by its manifest. It appears by a rename when it is whole and was checked, and
goes away by a rename, so that a program that ends in between leaves either the model or nothing. What is
being made or thrown away is in `.staging`; a lock per folder tells what is in use from what was left behind.
"""

import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.encoders.bundle import EncoderBundle, load_bundle
from app.encoders.head import load_head
from app.errors import ModelError, UsageError
from app.hub.installed import InstalledModel, look_at
from app.paths import bundled_model, models_folder

__all__ = ["InstalledModel", "ModelStore"]

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,98}[a-z0-9_-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that mean a device to Windows, with any suffix."""
_KINDS = {".onnx", ".data", ".json", ".npz", ".md", ".txt"}
"""Of the files that a manifest lists: none of these can hold code."""
_LOCK_SECONDS = 60.0


class ModelStore:
    """The models on this computer."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the store in `folder`, which is made when something is added; the user's own where None."""
        self.folder = folder or models_folder()

    def installed(self) -> list[InstalledModel]:
        """All models, the bundled one first, damaged ones included; no weights are read."""
        try:
            folders = sorted(
                path
                for path in self.folder.iterdir()
                if path.is_dir() and not path.name.startswith(".") and path.name != bundled_model().name
            )
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
            UsageError: there is no such model, or it is the bundled one.
            ModelError: it cannot be deleted.
        """
        model = self.find(name)
        if model.bundled:
            raise UsageError(f"{model.title} belongs to Reelfind and cannot be removed.")
        try:
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
            root.mkdir(parents=True, exist_ok=True)
            with FileLock(root / ".lock", timeout=_LOCK_SECONDS):
                _sweep(root)
                staged = Path(tempfile.mkdtemp(dir=root))
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
        bundle = load_bundle(staged)
        _inspect(bundle)
        trial(staged)
        if not _NAME.fullmatch(bundle.name) or _RESERVED.fullmatch(bundle.name):
            raise ModelError(
                f"The model's name “{bundle.name}” cannot be that of a folder.",
                "Export it under a name of small letters, digits, points and dashes.",
            )
        shipped = look_at(bundled_model(), bundled=True)
        if bundle.name == shipped.name:
            there = shipped.identity
        else:
            try:
                with FileLock(self.folder / ".staging" / ".lock", timeout=_LOCK_SECONDS):
                    there = _put(staged, self.folder / bundle.name)
            except OSError as error:
                raise _unwritable(self.folder, error) from error
        if there not in {"", bundle.identity}:
            raise UsageError(
                f"There is another model called “{bundle.name}” already.",
                "Export yours under another name, or remove the other one first: reelfind models remove.",
            )
        return self.find(bundle.name)


def _put(staged: Path, target: Path) -> str:
    """Rename a checked bundle into its place, unless an intact one is there: then return its identity."""
    if target.exists():
        try:
            return load_bundle(target).identity
        except ModelError as error:
            logger.info("replacing a damaged model: %s", error)
            target.rename(staged.parent / "damaged")
    staged.rename(target)
    return ""


def _inspect(bundle: EncoderBundle) -> None:
    """Look into the files whose hashes are right."""
    from app.hub.inspection import inspect_graph  # noqa: PLC0415 - loads onnx, which the window can do without

    for name in bundle.hashes:
        if Path(name).suffix.lower() not in _KINDS:
            raise ModelError(
                f"The model holds “{name}”, which no model needs.", "Get it from a source that you trust."
            )
        if name.endswith(".onnx"):
            inspect_graph(bundle.file(name), bundle.data_of(name))
    load_head(bundle)


def _sweep(root: Path) -> None:
    """Delete what nobody uses any more; the root's lock is held."""
    for left in root.iterdir():
        if left.is_dir():
            lock = FileLock(_lock_of(left), timeout=0)
            try:
                with lock:
                    logger.info("deleting what was left behind in %s", left)
                    shutil.rmtree(left, ignore_errors=True)
            except Timeout:
                continue
            _lock_of(left).unlink(missing_ok=True)
        elif left.name != ".lock" and not left.with_suffix("").is_dir():
            left.unlink(missing_ok=True)


def _lock_of(staged: Path) -> Path:
    return staged.with_name(staged.name + ".lock")


def _unwritable(folder: Path, error: OSError) -> ModelError:
    return ModelError(
        f"Models cannot be kept in “{folder}” ({error.strerror or error}).",
        "Make room there, or see that the folder can be written to.",
    )
