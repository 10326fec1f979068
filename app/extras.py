"""Optional packages: how whoever runs this program installs them."""

import shlex
import sys
from pathlib import Path

import app


def install_command(extra: str, *, root: Path | None = None) -> str:
    """A command line that installs an extra into the environment that runs this program: from its sources
    where it was installed from there.

    Args:
        extra: its name in `pyproject.toml`.
        root: the folder that holds `app`, and `pyproject.toml` where these are the sources; found where None.
    """
    root = Path(app.__file__).resolve().parent.parent if root is None else root
    is_source = (root / "pyproject.toml").is_file()
    what = f"-e {shlex.quote(f'{root}[{extra}]')}" if is_source else f"'reelfind[{extra}]'"
    return f"{shlex.quote(sys.executable)} -m pip install {what}"
