"""What a person names becomes one of the models here: a repository, an export in a folder or an archive.

The work is done by the task `make-bundle` in a process of its own (`app.model_intake`), and needs no torch.
What comes out is looked into and tried as any model from elsewhere is.
"""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.bundle.description import printable
from app.errors import UsageError
from app.model_intake.gate.sandbox import run_in_sandbox
from app.model_intake.hub.repository import is_repository
from app.model_intake.layouts.detection import slug
from app.model_intake.making.making_request import MakingRequest
from app.model_store.importing import NoBundleError, import_bundle
from app.model_store.installed import MANIFEST, InstalledModel
from app.model_store.making_process import AddProgress, run_making
from app.model_store.recommended import by_name
from app.model_store.store import ModelStore
from app.paths import cache_folder, real_path, typed_path
from app.processes.machine_memory import available_memory

_VARIANTS = ("int8", "fp16")
_PATIENCE = 1200.0
"""Seconds that one stage of making may take, as in the sandbox: the largest models take a few hundred."""
_SHARE_OF_FREE = 0.85
"""Of the memory that is free now, which the making of a model may take."""


def is_published(source: str) -> bool:
    """Whether something names a repository of the hub, or what lies on this computer."""
    return is_repository(source) or typed_path(source).exists()


def add_published(
    source: str,
    store: ModelStore,
    *,
    variants: Sequence[str] = _VARIANTS,
    trained: bool = True,
    licence: str = "",
    hub: str = "",
    report: Callable[[AddProgress], None] = lambda _progress: None,
    stopping: Callable[[], bool] = lambda: False,
    command: Sequence[str] = (),
) -> InstalledModel:
    """Fetch, wrap and check a published export, and put it into the store.

    Args:
        source: `owner/name` or `owner/name@commit` of the hub, or the path of a folder or zip archive.
        store: where it goes.
        variants: which of `int8` and `fp16` to make beside float32.
        trained: false for random weights, of which nothing sensible is expected.
        licence: of the weights, where the repository does not say.
        hub: address of the hub; the usual one, or `HF_ENDPOINT`, where empty.
        report: called as the work goes on, on this thread.
        stopping: asked several times per second; true ends the work.
        command: makes the model in place of our own task; its arguments are added.

    Raises:
        UsageError: there is no such thing, or another model of its name.
        ModelError: it cannot be fetched, is not understood, or a check fails.
        Cancelled: `stopping` said so; what was downloaded is kept for another time.
    """
    known = by_name(source.partition("@")[0]) if is_repository(source) else None
    pins: Mapping[str, str] = known.files if known is not None and source == known.source else {}
    there = typed_path(source)
    if not is_repository(source) or there.exists():
        if not there.exists():
            raise UsageError(
                f"There is no “{printable(source)}”.", "Name a repository, a folder or a zip archive."
            )
        source = str(real_path(source))
        if is_repository(source):
            raise UsageError(
                f"“{printable(source)}” cannot be told from a repository.", "Name its whole path."
            )
    name = known.slug if known is not None else _name_of(source)
    if any(model.name == name and not model.problem for model in store.installed()):
        raise UsageError(
            f"There is a model called “{name}” already.", f"Remove it first: reelfind models remove {name}"
        )
    cache = cache_folder() / "hub" / re.sub(r"[^A-Za-z0-9._@-]", "--", source)[-200:]
    with store.staging() as staging:
        request = MakingRequest(
            source=source,
            out=str(staging / "bundle"),
            cache=str(cache),
            variants=tuple(variants),
            trained=trained,
            licence=licence or (known.licence if known is not None else ""),
            title=known.title if known is not None else "",
            name=name,
            pins=pins,
            hub=hub,
        )
        free = available_memory()
        run_making(
            "make-bundle",
            [request.to_text()],
            report=report,
            stopping=stopping,
            command=command,
            memory=0 if free is None else int(_SHARE_OF_FREE * free),
            patience=_PATIENCE,
        )
        report(AddProgress("check", 0, None))
        model = store.adopt(staging / "bundle", trial=run_in_sandbox)
    if is_repository(source):
        shutil.rmtree(cache, ignore_errors=True)  # it is in the model now
    return model


def _name_of(source: str) -> str:
    """What a model is called here: by its repository, of a pair by what both begin with, or by its file."""
    if not is_repository(source):
        path = Path(source)
        return slug(path.name if path.is_dir() else path.stem)
    repository = source.partition("@")[0]
    return slug(repository.removesuffix("-vision").removesuffix("-text"))


def import_model(
    source: Path,
    store: ModelStore,
    *,
    trained: bool = True,
    report: Callable[[AddProgress], None] = lambda _progress: None,
    stopping: Callable[[], bool] = lambda: False,
) -> InstalledModel:
    """Take in what lies on this computer: a model as Reelfind exports them, or a published export.

    Raises:
        UsageError, ModelError, Cancelled: as of `import_bundle` and `add_published`.
    """
    if source.is_dir() and not (source / MANIFEST).is_file():
        return add_published(str(source.absolute()), store, trained=trained, report=report, stopping=stopping)
    with suppress(NoBundleError):
        return import_bundle(source, store)
    return add_published(str(source.absolute()), store, trained=trained, report=report, stopping=stopping)
