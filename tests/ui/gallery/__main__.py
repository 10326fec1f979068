"""`python -m tests.ui.gallery OUT [--guide] [--look NAME] [--scene NAME]`: pictures of the real window.

Each look has a process of its own, since Qt takes the density of the screen at its start.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.ui.gallery.guide import GUIDE, take_pictures, written_pages
from tests.ui.gallery.looks import LOOKS, Look
from tests.ui.gallery.sample_library import index, make_videos
from tests.ui.gallery.scenes import SCENES, library_of
from tests.ui.gallery.stage import Stage


def main() -> int:
    """Returns 0 where every picture was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--look", action="append", default=[])
    parser.add_argument("--scene", action="append", default=[])
    parser.add_argument("--guide", action="store_true", help="make docs/guide anew too")
    parser.add_argument("--libraries", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    looks = [look for look in LOOKS if not given.look or look.name in given.look]
    if given.libraries is not None:
        photograph(looks[0], given.libraries, given.out, given.scene)
        return 0
    with tempfile.TemporaryDirectory(prefix="reelfind-gallery-") as folder:
        libraries = Path(folder) / "libraries"
        videos = make_videos(Path(folder) / "Videos")
        index(libraries / "indexed", videos)
        status = max([_in_a_process(look, libraries, given.out, given.scene) for look in looks], default=0)
    if given.guide:
        write_guide(given.out)
    return status


def photograph(look: Look, libraries: Path, out: Path, names: list[str]) -> None:
    """Make the pictures of one look, each of a window of its own on a copy of the library."""
    for scene in SCENES:
        wanted = names or look.only
        if wanted and scene.name not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="reelfind-scene-") as folder:
            library = library_of(scene, Path(folder))
            if scene.library == "indexed":
                shutil.copytree(libraries / "indexed", library)
            stage = Stage(look, library, out)
            stage.ready()
            if scene.library == "fresh":
                for watched in sorted((libraries.parent / "Videos").iterdir()):
                    stage.window.folders.add_wanted.emit(watched)
            scene.show(stage)
            stage.photograph(scene.name)
            stage.close()


def write_guide(out: Path) -> None:
    """The guide's pictures, and the pages that the window knows best."""
    with tempfile.TemporaryDirectory(prefix="reelfind-guide-") as folder:
        stage = Stage(LOOKS[0], Path(folder) / "library", out)
        stage.ready()
        for name, text in written_pages(stage.window).items():
            (GUIDE / name).write_text(text, encoding="utf-8")
        stage.close()
    take_pictures(out)


def _in_a_process(look: Look, libraries: Path, out: Path, scenes: list[str]) -> int:
    command = [sys.executable, "-m", "tests.ui.gallery", str(out), "--look", look.name]
    command += [word for scene in scenes for word in ("--scene", scene)]
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(look.ratio),
        "HOME": str(libraries.parent),
        "REELFIND_HOME": str(libraries.parent / "home"),
    }
    command += ["--libraries", str(libraries)]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
