"""Puts the licences of all that is in the frozen folder into it, with a list of the parts (CycloneDX).

    python packaging/frozen/licences.py FOLDER/_internal CYCLONEDX

with the Python of the environment it was made from; CYCLONEDX is the program `cyclonedx-py` of another one.
"""

import json
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

TOOLS = {"pip", "setuptools", "pyinstaller", "pyinstaller-hooks-contrib", "altgraph"}
"""Of the environment, which go nowhere."""

NOTE = """\
Reelfind itself is under the Apache License 2.0 (LICENSE). This folder also holds what it is built on, listed
below, each part under its own licence; the texts lie beside this file. Qt and PySide6 are under the LGPL 3
and lie here as libraries that can be exchanged. The libraries beside PyAV (av.libs) contain FFmpeg with x264
and x265, which are under the GPL 2 or later: whoever passes this folder on as a whole does so under the
GPL 3, with which the Apache License agrees.

"""


def main() -> None:
    """Write `licences/` into the folder named on the command line."""
    target = Path(sys.argv[1], "licences")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    lines = []
    for part in sorted(distributions(), key=lambda part: part.name.lower()):
        if part.name.lower() not in TOOLS:
            lines.append(f"{part.name} {part.version}: {_licence(part)}")
            _copy_texts(part, target)
    (target / "THIRD-PARTY.txt").write_text(NOTE + "\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.argv[2], "environment", sys.executable, "--output-reproducible", "--output-format", "JSON"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    told["components"] = [part for part in told["components"] if part["name"].lower() not in TOOLS]
    kept = {part["bom-ref"] for part in told["components"]} | {
        told["metadata"].get("component", {}).get("bom-ref")
    }
    told["dependencies"] = [one for one in told["dependencies"] if one["ref"] in kept]
    (target / "reelfind.cdx.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _licence(part: Distribution) -> str:
    known = part.metadata
    told = known["License-Expression"] or known["License"] or ""
    kinds = [
        line.split(" :: ")[-1] for line in known.get_all("Classifier", []) if line.startswith("License ::")
    ]
    first = told.strip().splitlines()[0] if told.strip() else ""
    return first if first and len(first) < 80 else ", ".join(kinds) or "see its text"


def _copy_texts(part: Distribution, target: Path) -> None:
    for file in part.files or []:
        name = file.name.lower()
        inside = ".dist-info" in str(file.parent)
        text = name.startswith(("license", "licence", "copying", "notice", "third", "authors"))
        if inside and text and not name.endswith((".py", ".pyc")):
            source = Path(str(part.locate_file(file)))
            if source.is_file():
                shutil.copyfile(source, target / f"{part.name}-{part.version}-{file.name}")


if __name__ == "__main__":
    main()
