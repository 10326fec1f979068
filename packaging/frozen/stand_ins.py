"""Puts empty libraries in the place of those that FFmpeg's libraries ask for and Reelfind never calls.

PyAV's wheels are linked with an encoder of AV1, with TLS, with ALSA. Reelfind decodes files, and encodes
H.264, HEVC, AAC, GIF and WebP. An empty library has the name, the functions and their versions of the one
whose place it takes; each function says that it failed (-1), which all of these take for an error. What only
the replaced ones asked for goes with them. Needs readelf and a C compiler; where they are missing nothing is
changed.

    python packaging/frozen/stand_ins.py FOLDER/_internal
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

REPLACED = ("libSvtAv1Enc", "libgnutls", "libasound")
FOLDER = "av.libs"


def main(folder: Path) -> None:
    """Replace them in this folder, and print what that saved."""
    if not all(map(shutil.which, ("cc", "readelf"))):
        print("all of FFmpeg's libraries stay: cc or readelf is missing")
        return
    saved = 0
    for name in REPLACED:
        for library in (folder / FOLDER).glob(f"{name}-*.so*"):
            saved += replace(library, folder)
    print(f"empty libraries in the place of {', '.join(REPLACED)}: {saved / 2**20:.1f} MiB less")


def replace(library: Path, folder: Path) -> int:
    """Put an empty library there, delete what nobody asks for any more; returns the bytes saved.

    Args:
        library: the one to be replaced.
        folder: everything that may ask for it.
    """
    before = needed_by(library)
    asked = functions_asked_for(library, folder)
    size = library.stat().st_size
    _compile(library, asked)
    return size - library.stat().st_size + _delete_unneeded(library.parent, before, folder)


def functions_asked_for(library: Path, folder: Path) -> dict[str, list[str]]:
    """Names of the functions that others want of a library, by the version they want ("" where none).

    Raises:
        SystemExit: they want more than functions.
    """
    offered = {name for name, _, _ in _symbols(library, undefined=False)}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in _binaries(folder):
        if library.name in needed_by(file):
            for name, version, kind in _symbols(file, undefined=True):
                if name in offered:
                    if kind not in {"FUNC", "NOTYPE"}:
                        raise SystemExit(f"{file.name} wants {name} of {library.name}, which is no function")
                    found[version].add(name)
    return {version: sorted(names) for version, names in sorted(found.items())}


def needed_by(file: Path) -> set[str]:
    """Names of the libraries that a binary is linked with."""
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", _readelf("-dW", file)))


def _symbols(file: Path, *, undefined: bool) -> Iterator[tuple[str, str, str]]:
    """Name, version and kind of each dynamic symbol that a binary wants, or offers."""
    for line in _readelf("--dyn-syms", "-W", file).splitlines():
        columns = line.split()
        if len(columns) >= 8 and columns[0].endswith(":") and (columns[6] == "UND") is undefined:
            name, _, version = columns[7].replace("@@", "@").partition("@")
            yield name, version, columns[3]


def _binaries(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.so*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _compile(library: Path, asked: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        source, versions = Path(place, "empty.c"), Path(place, "versions")
        names = sorted({name for group in asked.values() for name in group})
        source.write_text("".join(f"int {name}(void) {{ return -1; }}\n" for name in names), encoding="ascii")
        command = ["cc", "-shared", "-fPIC", "-nostdlib", "-Os", "-s", f"-Wl,-soname,{library.name}"]
        if any(asked):
            told = "".join(f"{name} {{ global: {'; '.join(asked[name])}; }};\n" for name in asked if name)
            versions.write_text(told, encoding="ascii")
            command.append(f"-Wl,--version-script={versions}")
        made = Path(place, library.name)
        subprocess.run([*command, str(source), "-o", str(made)], check=True)
        shutil.copyfile(made, library)


def _delete_unneeded(libraries: Path, suspects: set[str], folder: Path) -> int:
    """Delete those of these libraries, and of what they ask for, that nobody needs; returns their bytes."""
    saved = 0
    while suspects:
        needed = {name for file in _binaries(folder) for name in needed_by(file)}
        gone = [libraries / name for name in suspects - needed if (libraries / name).is_file()]
        suspects = {name for file in gone for name in needed_by(file)}
        for file in gone:
            saved += file.stat().st_size
            file.unlink()
    return saved


def _readelf(*words: str | Path) -> str:
    plain = os.environ | {"LC_ALL": "C"}
    return subprocess.run(
        ["readelf", *words], capture_output=True, text=True, check=False, env=plain, errors="replace"
    ).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
