"""The set-up script, with a Python that only pretends: what it says, and that it mends what is half made."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOLS = ("cat", "chmod", "cksum", "dirname", "mkdir")
"""All it may use here: no dpkg-query, so nothing is installed on this machine."""

OLD = "#!/bin/sh\nexit 1\n"
BREAKS_OFF_ONCE = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    half_made=$([ -d "$3" ] && echo no || echo yes)
    mkdir -p "$3/bin"
    printf '#!/bin/sh\\necho installed with "$@"\\n' >"$3/bin/python"
    chmod +x "$3/bin/python"
    [ "$half_made" = no ] || { echo "ensurepip is not available"; exit 1; }
    printf '#!/bin/sh\\n' >"$3/bin/pip"
    printf '#!/bin/sh\\necho started "$@"\\n' >"$3/bin/reelfind"
    chmod +x "$3/bin/pip" "$3/bin/reelfind"
fi
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "a check out"
    shutil.copytree(ROOT / "packaging", root / "packaging")
    shutil.copy(ROOT / "pyproject.toml", root)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    return root


def run(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    fake = checkout.parent / "bin" / "python3"
    fake.write_text(python)
    fake.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(checkout / "packaging" / "run.sh"), "doctor"],
        env={"PATH": str(fake.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_old_python_is_told_in_one_sentence(checkout: Path) -> None:
    done = run(checkout, OLD)
    assert done.returncode == 1
    assert done.stderr.startswith("reelfind: Python 3.11 or newer is needed.")
    assert not (checkout / ".venv").exists()


def test_an_environment_left_half_made_is_mended_by_running_again(checkout: Path) -> None:
    assert run(checkout, BREAKS_OFF_ONCE).returncode == 1
    again = run(checkout, BREAKS_OFF_ONCE)
    assert again.returncode == 0, again.stderr
    assert again.stdout == "started doctor\n"
    third = run(checkout, OLD)
    assert third.stdout == "started doctor\n", "set up, it asks for no Python any more"
