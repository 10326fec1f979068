"""Leaves out of Qt's ICU data what Qt never asks for: names of currencies, languages, zones, old encodings.

Qt has names and formats of its own; ICU sorts and compares for it. `icupkg` is ICU's own tool (Debian:
icu-devtools); where it or a compiler is missing, the data stays as it is.

    python packaging/frozen/shrink_icu.py FOLDER-OF-QTS-LIBRARIES
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UNUSED = re.compile(
    r"(curr|lang|zone|region|unit|rbnf|translit)/|brkitr/.*dict|.*\.(cnv|spp)$|cnvalias|unames|confusables"
)


def main() -> None:
    """Replace `libicudata` in the folder named on the command line."""
    found = next(Path(sys.argv[1]).glob("libicudata.so.*"), None)
    tools = {name: shutil.which(name, path="/usr/sbin:/usr/bin:/bin") for name in ("icupkg", "cc", "readelf")}
    if found is None or not all(tools.values()):
        print("the ICU data stays as it is: icupkg, cc or readelf is missing")
        return
    symbol, start, length = _place(found, str(tools["readelf"]))
    with tempfile.TemporaryDirectory() as folder:
        # Both have the package's name, by which ICU looks things up in it.
        name = f"{symbol.removesuffix('_dat')}l.dat"
        whole, some = Path(folder, name), Path(folder, "some", name)
        some.parent.mkdir()
        whole.write_bytes(found.read_bytes()[start : start + length])
        icupkg = [str(tools["icupkg"]), "--ignore-deps"]
        listed = subprocess.run([*icupkg, "-l", whole], check=True, capture_output=True, text=True).stdout
        unused = [name.strip() for name in listed.splitlines() if UNUSED.match(name.strip())]
        Path(folder, "unused.txt").write_text("\n".join(unused) + "\n", encoding="ascii")
        subprocess.run(
            [*icupkg, "-r", Path(folder, "unused.txt"), whole, some], check=True, capture_output=True
        )
        source = Path(folder, "data.s")
        source.write_text(
            f".section .rodata\n.globl {symbol}\n.type {symbol}, @object\n.balign 16\n"
            f'{symbol}:\n.incbin "{some}"\n'
            f".size {symbol}, . - {symbol}\n"
            '.section .note.GNU-stack,"",@progbits\n',
            encoding="ascii",
        )
        command = [str(tools["cc"]), "-shared", "-nostdlib", f"-Wl,-soname,{found.name}", source, "-o", found]
        subprocess.run(command, check=True)


def _place(library: Path, readelf: str) -> tuple[str, int, int]:
    """Name of the data in the library, where it begins in the file, and its length in bytes."""
    told = subprocess.run([readelf, "-W", "--dyn-syms", library], check=True, capture_output=True, text=True)
    for line in told.stdout.splitlines():
        if found := re.search(r":\s+([0-9a-f]{16})\s+(\S+)\s+OBJECT.*\s(icudt\d+_dat)", line):
            # The first section that is loaded: its address is its place in the file.
            return found[3], int(found[1], 16), int(found[2], 0)
    raise SystemExit(f"{library.name} holds no ICU data")


if __name__ == "__main__":
    main()
