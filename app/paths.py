"""Where files live: the platform's own folders, unless told otherwise."""

import importlib.util
from pathlib import Path

from platformdirs import user_data_path, user_log_path


def default_library() -> Path:
    """Folder of the library used when `--library` is not given."""
    return user_data_path("reelfind", appauthor=False) / "library"


def log_folder() -> Path:
    """Folder of the program's own log."""
    return user_log_path("reelfind", appauthor=False)


def bundled_model() -> Path:
    """Folder of the encoder bundle that ships with the program (`models/bundled/pocket`).

    Found without importing `models`, whose code needs torch.
    """
    return _package_folder("models") / "bundled" / "pocket"


def resource(name: str) -> Path:
    """Path of a file in `resources/` (icon, style sheet, query bank)."""
    return _package_folder("resources") / name


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"package {package!r} is not installed beside app")
    return Path(next(iter(spec.submodule_search_locations)))
