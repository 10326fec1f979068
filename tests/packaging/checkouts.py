"""A checkout with the set-up's scripts, and a Python that only pretends."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

TOOLS = (
    "cat",
    "chmod",
    "cksum",
    "cp",
    "dirname",
    "find",
    "flock",
    "grep",
    "ln",
    "ls",
    "mkdir",
    "rm",
    "sed",
    "true",
)
"""All it may use here: no apt-get and no dpkg-query, so nothing is installed on this machine."""

OLD = "#!/bin/sh\nexit 1\n"

PRETENDS = """#!/bin/sh
version={version}
case "$1 $2" in
"-c import sys; print("*) echo $version ;;
"-m venv")
    mkdir -p "$3/bin" "$3/lib/python$version/site-packages"
    ln -s "$FAKE" "$3/bin/python"
    {during_venv}
    ;;
"-m pip")
    [ "$3" = install ] || exit 0
    echo "$@" >>"$PIP_LOG"
    case "$*" in
    *hnswlib*)
        {during_compile}
        mkdir "${{0%/bin/python}}/lib/python$version/site-packages/hnswlib-0.8.0.dist-info"
        exit 0
        ;;
    esac
    {during_pip}
    printf '#!/bin/sh\\necho started "$@"\\n' >"${{0%python}}reelfind"
    chmod +x "${{0%python}}reelfind"
    ;;
esac
"""
KILL_THE_SCRIPT = "kill -9 $PPID; exit 1"


def pretending(
    version: str = "3.12", during_venv: str = ":", during_pip: str = ":", during_compile: str = ":"
) -> str:
    """A python3 of this version that does nothing but that, and what is to be done in a step of its work."""
    return PRETENDS.format(
        version=version, during_venv=during_venv, during_pip=during_pip, during_compile=during_compile
    )


@dataclass
class Checkout:
    """A copy of the scripts in a folder whose name has a blank, and the only programs they can find."""

    root: Path
    programs: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    @property
    def installations(self) -> list[str]:
        """What pip was called with, a line each."""
        log = self.programs.parent / "pip.log"
        return log.read_text().splitlines() if log.exists() else []

    def put(self, name: str, script: str) -> None:
        file = self.programs / name
        file.unlink(missing_ok=True)
        file.write_text(script)
        file.chmod(0o755)

    def run(self, python: str | None = None) -> subprocess.CompletedProcess[str]:
        if python is not None:
            self.put("python3", python)
        return subprocess.run(
            ["/bin/sh", str(self.root / "packaging" / "run.sh"), "doctor"],
            env={
                "PATH": str(self.programs),
                "FAKE": str(self.programs / "python3"),
                "PIP_LOG": str(self.programs.parent / "pip.log"),
                **self.variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
