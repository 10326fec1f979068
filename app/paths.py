"""Where files live: the platform's own folders, unless told otherwise.

The environment variable `REELFIND_HOME` names a folder that stands for those of data, cache and log.
"""

import functools
import importlib.util
import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path, user_log_path


def default_library() -> Path:
    """Folder of the library used when `--library` is not given."""
    return _data_folder() / "library"


def models_folder() -> Path:
    """Folder of the models that were added, one folder each; libraries share it."""
    return _data_folder() / "models"


def speech_models_folder() -> Path:
    """Folder of the models that hear speech, one folder each; libraries share it."""
    return _data_folder() / "speech-models"


def preferences_file() -> Path:
    """What a person prefers on this computer, whatever library is open."""
    return _data_folder() / "preferences.json"


def encoder_tokens_file() -> Path:
    """Tokens of other computers that encode for this one; its user's alone."""
    return _data_folder() / "encoder-tokens.json"


def server_tokens_file() -> Path:
    """Tokens of other computers that serve their libraries to this one; its user's alone."""
    return _data_folder() / "server-tokens.json"


def server_certificates_file() -> Path:
    """Certificates of other computers that serve their libraries, which this computer's user trusts."""
    return _data_folder() / "server-certificates.json"


def servers_folder() -> Path:
    """Folder of what a person's windows remember of libraries that other computers serve, one folder each."""
    return _data_folder() / "servers"


def server_people_file() -> Path:
    """Tokens of the people who may ask this computer's libraries over HTTP; its user's alone."""
    return _data_folder() / "server-people.json"


def vector_store_keys_file() -> Path:
    """API keys of vector stores on other computers; its user's alone."""
    return _data_folder() / "vector-store-keys.json"


def cache_folder() -> Path:
    """Folder of what can be made or fetched again."""
    home = os.environ.get("REELFIND_HOME")
    return Path(home).resolve() / "cache" if home else user_cache_path("reelfind", appauthor=False)


def runtime_folder() -> Path:
    """Folder of what lives no longer than the programs that run."""
    system = os.environ.get("XDG_RUNTIME_DIR")
    if system and not os.environ.get("REELFIND_HOME"):
        return Path(system) / "reelfind"
    return _data_folder() / "run"


def log_folder() -> Path:
    """Folder of the program's own log."""
    home = os.environ.get("REELFIND_HOME")
    return Path(home).resolve() / "log" if home else user_log_path("reelfind", appauthor=False)


def typed_path(typed: str | Path) -> Path:
    """A path as a person types it: `~` is their home; what only begins so (`~$draft.jpg`) is a name."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111 - Path's own raises where there is no such person


def real_path(typed: str | Path) -> Path:
    """One spelling of a path as a person types it: absolute, without links; nothing need be there."""
    path = typed_path(typed)
    if "\0" in str(path):  # no file is called so
        return path.absolute()
    return Path(os.path.realpath(path))  # Path's own raises where links go in a circle


def is_folder(path: Path) -> bool:
    """Whether a folder is there; not where that may not be seen. Takes as long as the disk does."""
    return os.path.isdir(path)  # noqa: PTH112 - Path's own raises where a folder may not be entered


def bundled_model() -> Path:
    """Folder of the encoder bundle that ships with the program (`models/bundled/pocket`).

    Found without importing `models`, whose code needs torch.
    """
    return _package_folder("models") / "bundled" / "pocket"


def resource(name: str) -> Path:
    """Path of a file in `resources/` (icon, style sheet, query bank)."""
    return _package_folder("resources") / name


def log_file() -> Path:
    """The program's own log."""
    return log_folder() / "reelfind.log"


def _data_folder() -> Path:
    home = os.environ.get("REELFIND_HOME")
    return Path(home).resolve() if home else user_data_path("reelfind", appauthor=False)


@functools.cache
def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"package {package!r} is not installed beside app")
    return Path(next(iter(spec.submodule_search_locations)))
