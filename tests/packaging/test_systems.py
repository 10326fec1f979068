"""What a system lacks is named before it is installed, or told in one line to run."""

import pytest

from tests.packaging.checkouts import Checkout, pretending

APT_INSTALLS = """#!/bin/sh
echo apt-get "$@"
[ "$1" = install ] || exit 0
ln -s "$FAKE.packed" "$FAKE"
ln -s /bin/true "${FAKE%python3}c++"
"""


@pytest.fixture
def bare(checkout: Checkout) -> Checkout:
    """A Debian with nothing but its base system: no Python, no compiler, none of the libraries."""
    (checkout.programs / "c++").unlink()
    (checkout.programs / "g++").unlink(missing_ok=True)
    checkout.put("python3.packed", pretending("3.13"))
    checkout.put("dpkg-query", "#!/bin/sh\nexit 1\n")
    checkout.put("dpkg", "#!/bin/sh\n")
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", APT_INSTALLS)
    (checkout.programs / "env").symlink_to("/usr/bin/env")
    return checkout


def test_on_a_bare_debian_root_gets_everything_and_is_told_before(bare: Checkout) -> None:
    done = bare.run()
    assert (done.returncode, done.stdout) == (0, "started doctor\n"), done.stderr
    (told,) = [line for line in done.stderr.splitlines() if "installing these system packages" in line]
    for package in ("python3", "python3-venv", "python3-dev", "g++", "libegl1"):
        assert package in told.split()
    assert done.stderr.index("installing these system packages") < done.stderr.index("apt-get install")


@pytest.mark.parametrize("sudo", [True, False])
def test_on_a_bare_debian_anybody_else_is_given_one_line_to_run(bare: Checkout, sudo: bool) -> None:
    bare.put("id", "#!/bin/sh\necho 1000\n")
    if sudo:
        bare.put("sudo", "#!/bin/sh\nexit 1\n")  # it wants a password
    done = bare.run()
    assert done.returncode == 1
    assert done.stdout == ""
    line = done.stderr.splitlines()[-1].removeprefix("reelfind:").strip()
    assert line.startswith("sudo sh -c '" if sudo else "su -c '")
    assert " python3 python3-venv python3-dev g++ libegl1 " in line
    assert not bare.environment.exists()


def test_where_only_the_windows_libraries_are_missing_the_command_line_goes_on(bare: Checkout) -> None:
    bare.put("id", "#!/bin/sh\necho 1000\n")
    (bare.programs / "c++").symlink_to("/bin/true")
    done = bare.run(pretending())
    assert done.stdout == "started doctor\n"
    assert "su -c 'apt-get update && apt-get install" in done.stderr
