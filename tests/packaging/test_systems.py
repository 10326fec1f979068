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


DNF_SAYS = "#!/bin/sh\necho dnf is started >&2; exit 1\n"


def release(checkout: Checkout, told: str) -> None:
    """Have the scripts read this in place of /etc/os-release."""
    file = checkout.root / "os-release"
    file.write_text(told)
    script = checkout.root / "packaging" / "system.sh"
    script.write_text(script.read_text().replace("/etc/os-release", str(file).replace(" ", "\\ ")))


@pytest.fixture
def fedora(checkout: Checkout) -> Checkout:
    """A Fedora with a Python, and with nothing that a window or a compiler needs."""
    checkout.put("dnf", DNF_SAYS)
    checkout.put("rpm", "#!/bin/sh\nexit 1\n")
    checkout.put("id", "#!/bin/sh\necho 0\n")
    (checkout.programs / "c++").unlink()
    return checkout


def test_on_fedora_the_line_is_told_and_what_works_goes_on(fedora: Checkout) -> None:
    done = fedora.run(pretending())
    assert (done.returncode, done.stdout) == (0, "started doctor\n"), done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "dnf install" in line]
    assert {"gcc-c++", "libxkbcommon-x11", "pulseaudio-libs"} <= set(line.split())
    assert "dnf is started" not in done.stderr, "it was never tried there: people run it"


def test_on_fedora_without_a_python_nothing_goes_on(fedora: Checkout) -> None:
    done = fedora.run("#!/bin/sh\nexit 1\n")
    assert done.returncode == 1
    assert " dnf install -y python3 python3-devel gcc-c++ " in done.stderr
    assert not fedora.environment.exists()


@pytest.mark.parametrize(
    ("told", "python"),
    [
        ('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n', "python3.11"),
        ('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', "python3"),
        ('PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n', "python3"),
        ("ID=linuxmint\n", "python3"),
    ],
)
def test_a_python_that_is_new_enough_is_installed(bare: Checkout, told: str, python: str) -> None:
    """Ubuntu 22.04's own is 3.10."""
    release(bare, told)
    done = bare.run()
    assert done.stdout == "started doctor\n", done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "installing these system packages" in line]
    assert {python, f"{python}-venv", f"{python}-dev"} <= set(line.split())


def test_an_installation_that_apt_cannot_do_is_told_with_the_line_to_run(bare: Checkout) -> None:
    bare.put("apt-get", "#!/bin/sh\necho the disk is full >&2; exit 100\n")
    done = bare.run()
    assert done.returncode == 1
    assert "the disk is full" in done.stderr
    assert (
        done.stderr.splitlines()[-1].strip().startswith("reelfind:     apt-get update && apt-get install -y")
    )
    assert not bare.environment.exists()
