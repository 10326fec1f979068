"""Which model answers and which one is pending, and the settings that say so."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import Timeout

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.catalogue import frame_cache
from app.catalogue.catalogue import Catalogue
from app.connecting.service_address import read_address, split_setting
from app.database.layout import indexing_lock
from app.encoder_service.service_tokens import VARIABLE, keep_token, token_for
from app.engines.scorer_names import check_scorer
from app.errors import ModelError, UsageError
from app.paths import bundled_model, real_path
from app.settings import STORED_AS, Settings
from app.vectors.stores.qdrant.connection import KEY_VARIABLE, split_store_setting

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PendingModel:
    """A model that videos are indexed for while another one answers; numbers of videos."""

    title: str
    folder: Path
    ready: int
    total: int
    """Those that are indexed and did not fail; when all are ready, the model answers."""
    waiting_offline: int
    """Those that lack it and lie in folders that cannot be reached now: the switch waits for them, because
    they could not be found any more."""

    @property
    def complete(self) -> bool:
        """Whether nothing lacks."""
        return self.ready >= self.total


def switch_status(catalogue: Catalogue, bundle: EncoderBundle, active: str) -> PendingModel:
    """How far a model is, while the one with the identity `active` answers."""
    state = catalogue.readiness(bundle.identity, active)
    return PendingModel(bundle.title, bundle.folder, state.ready, state.total, state.offline)


def stored_settings(catalogue: Catalogue) -> Settings:
    """The settings of a library."""
    content = catalogue.setting(STORED_AS, {})
    return Settings.from_json(content if isinstance(content, dict) else {})


def update_settings(catalogue: Catalogue, change: Callable[[Settings], Settings]) -> Settings:
    """Change what is stored as one transaction, so that no other process's change is lost; returns it."""
    after = Settings()

    def changed(content: object) -> object:
        nonlocal after
        after = change(Settings.from_json(content if isinstance(content, dict) else {}))
        return after.to_json()

    catalogue.change_setting(STORED_AS, changed)
    return after


def model_folder(settings: Settings) -> Path:
    """Folder of the model that answers."""
    return Path(settings.model) if settings.model else bundled_model()


def activate(folder: Path) -> Callable[[Settings], Settings]:
    """The change that makes the model in `folder` answer; the bundled one wherever it is installed."""
    model = "" if folder == bundled_model() else str(folder)
    return lambda settings: replace(settings, model=model, next_model="")


def schedule(folder: Path) -> Callable[[Settings], Settings]:
    """The change that makes the model in `folder` the pending one."""
    return lambda settings: replace(settings, next_model=str(folder))


def real_folder(folder: Path) -> Path:
    """One spelling per folder; the bundled model's as `bundled_model` gives it."""
    real = real_path(folder)
    return bundled_model() if real == bundled_model().resolve() else real


def choose_model(catalogue: Catalogue, folder: Path, *, now: bool = False) -> PendingModel | None:
    """Have a model answer once every video is indexed for it, at once where that is so already.

    Nothing is indexed here: the next indexing run does, of whichever process.

    Args:
        catalogue: the library's.
        folder: of the bundle.
        now: switch at once; what lacks cannot be found until it is indexed.

    Returns:
        How far it is, None where it answers from now on.

    Raises:
        ModelError: the model cannot be used.
    """
    folder = real_folder(folder)
    bundle = load_bundle(folder)
    try:
        active = load_bundle(model_folder(stored_settings(catalogue))).identity
    except ModelError as error:  # it was removed: there is nothing to wait for
        logger.warning("the model that answered is not usable any more: %s", error)
        now, active = True, bundle.identity
    state = switch_status(catalogue, bundle, active)
    if now or bundle.identity == active or state.complete:
        update_settings(catalogue, activate(folder))
        return None
    update_settings(catalogue, schedule(folder))
    return state


def change_setting(
    catalogue: Catalogue, name: str, value: str, *, bundle: EncoderBundle | None = None
) -> Settings:
    """Change one setting of a library and keep it.

    Args:
        catalogue: the library's.
        name: of the setting.
        value: as typed, see `Settings.changed`. A model is the folder of a bundle: `model` answers at once,
            `next_model` as `choose_model` says. With `encoder_url`, a token may stand behind a space: this
            computer keeps it, the library does not; with `vector_store_url` an API key.
        bundle: the model in use where it is not the library's own.

    Returns:
        The settings as they are then.

    Raises:
        UsageError: there is no such setting, or it cannot have this value.
        ModelError: the model in that folder cannot be used.
    """
    if name == "vector_store_url" and value != "default":
        value = split_store_setting(value, os.environ.get(KEY_VARIABLE, ""))
    if name == "encoder_url" and value != "default":
        value = _address_of(value)
    settings = stored_settings(catalogue).changed(name, value)
    if name == "next_model" and settings.next_model:
        choose_model(catalogue, Path(settings.next_model))
        return stored_settings(catalogue)
    if name == "model" and settings.model:
        choose_model(catalogue, Path(settings.model), now=True)
        return stored_settings(catalogue)
    if name == "scorer" and settings.scorer:
        check_scorer(settings.scorer, bundle or load_bundle(model_folder(settings)))
    settings = update_settings(catalogue, lambda stored: stored.changed(name, value))
    if name == "keep_frames" and not settings.keep_frames:
        _delete_frames(catalogue.folder)
    return settings


def _address_of(typed: str) -> str:
    """The address in what was typed, as it is stored; a token behind it is kept on this computer."""
    url, token = split_setting(typed)
    if not url:
        return ""
    address = read_address(url)
    token = token or os.environ.get(VARIABLE, "")
    if token:
        keep_token(address, token)
    elif not token_for(address):
        raise UsageError(
            f"There is no token for {address.place} on this computer.",
            "Write the one that the service printed behind the address, with a space between.",
        )
    return url


def _delete_frames(library: Path) -> None:
    """Delete the kept frames; a run that is using them, here or elsewhere, does so at its end."""
    try:
        with indexing_lock(library):
            frame_cache.delete(library)
    except Timeout:
        logger.info("the kept frames are in use and are deleted when indexing ends")
