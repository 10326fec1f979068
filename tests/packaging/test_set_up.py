"""The set-up script, with a Python that only pretends: what it says, and that it trusts nothing half made."""

from pathlib import Path

import pytest

from tests.packaging.checkouts import KILL_THE_SCRIPT, OLD, Checkout, pretending
from tests.packaging.test_versions import SUPPORTED


def test_an_old_python_is_told_in_one_sentence(checkout: Checkout) -> None:
    done = checkout.run(OLD)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("reelfind: Python 3.11 or newer is needed.")
    assert not checkout.environment.exists()


def test_set_up_once_it_is_quick_and_asks_for_no_python_on_the_path(checkout: Checkout) -> None:
    first = checkout.run(pretending())
    assert (first.returncode, first.stdout) == (0, "started doctor\n"), first.stderr
    (checkout.programs / "python3.12").symlink_to(checkout.programs / "python3")
    for program in ("c++", "flock", "find"):
        (checkout.programs / program).unlink()
    again = checkout.run()
    assert (again.stdout, again.stderr) == ("started doctor\n", "")
    assert len(checkout.installations) == 2, "Reelfind, and what is compiled for it"


def test_what_will_be_installed_is_said_before_anything_is(checkout: Checkout) -> None:
    done = checkout.run(pretending(during_venv="echo making it >&2"))
    assert done.stderr.startswith("reelfind: setting Reelfind up: Python packages of about 1.4 GB in ")
    assert str(checkout.environment) in done.stderr.splitlines()[0]
    steps = ("setting Reelfind up", "making it", "installing Reelfind", "compiling hnswlib")
    places = [done.stderr.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("cut_off", ["during_venv", "during_pip", "during_compile"])
def test_an_environment_that_was_cut_off_is_made_anew(checkout: Checkout, cut_off: str) -> None:
    done = checkout.run(pretending(**{cut_off: KILL_THE_SCRIPT}))
    assert done.returncode == -9
    half = checkout.environment / "lib" / "python3.12" / "site-packages" / "half"
    half.write_text("of a package")
    again = checkout.run(pretending())
    assert (again.returncode, again.stdout) == (0, "started doctor\n"), again.stderr
    assert "anew" in again.stderr
    assert not half.exists()


def test_one_cut_off_after_it_was_complete_is_made_anew(checkout: Checkout) -> None:
    checkout.run(pretending())
    with (checkout.root / "pyproject.toml").open("a") as project:
        project.write("# another version\n")
    assert checkout.run(pretending(during_pip=KILL_THE_SCRIPT)).returncode == -9
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n"
    assert "anew" in again.stderr


def test_an_environment_without_pip_is_made_anew(checkout: Checkout) -> None:
    (checkout.environment / "bin").mkdir(parents=True)
    (checkout.environment / "bin" / "python").symlink_to("/bin/false")
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n", again.stderr


@pytest.mark.parametrize("change", ["upgraded", "gone", "moved"])
def test_one_whose_python_or_place_changed_is_made_anew(checkout: Checkout, change: str) -> None:
    checkout.run(pretending("3.11"))
    left = checkout.environment / "lib" / "python3.11" / "left"
    left.touch()
    match change:
        case "upgraded":
            done = checkout.run(pretending("3.13"))
        case "gone":
            link = checkout.environment / "bin" / "python"
            link.unlink()
            link.symlink_to("/nowhere/python3.11")
            done = checkout.run(pretending("3.13"))
        case "moved":
            left = checkout.root.with_name("elsewhere") / left.relative_to(checkout.root)
            checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
            done = checkout.run()
    assert done.stdout == "started doctor\n", done.stderr
    assert "anew" in done.stderr
    assert not left.exists()


def test_other_constraints_are_installed_into_the_environment_that_is_there(checkout: Checkout) -> None:
    checkout.run(pretending())
    with (checkout.root / "packaging" / "constraints.txt").open("a") as constraints:
        constraints.write("# made anew\n")
    done = checkout.run()
    assert done.stdout == "started doctor\n"
    assert "anew" not in done.stderr
    assert sum("--editable" in line for line in checkout.installations) == 2


def test_an_installation_that_failed_before_it_changed_anything_leaves_the_environment(
    checkout: Checkout,
) -> None:
    failed = checkout.run(pretending(during_pip="echo there is no network; exit 1"))
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "the lines above say why" in failed.stderr
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n"
    assert "anew" not in again.stderr


def test_one_that_failed_half_way_is_made_anew(checkout: Checkout) -> None:
    half_way = 'echo half >"${0%/bin/python}/lib/python3.12/site-packages/half"; exit 1'
    assert checkout.run(pretending(during_pip=half_way)).returncode == 1
    again = checkout.run(pretending())
    assert again.stdout == "started doctor\n"
    assert "anew" in again.stderr


def test_a_folder_that_is_no_environment_of_reelfind_is_never_emptied(
    checkout: Checkout, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "dear aunt.txt").touch()
    checkout.variables["REELFIND_VENV"] = str(letters)
    done = checkout.run(pretending())
    assert done.returncode == 1
    assert "REELFIND_VENV" in done.stderr
    assert [path.name for path in letters.iterdir()] == ["dear aunt.txt"]


@pytest.mark.parametrize("version", SUPPORTED)
def test_the_exact_versions_are_taken_on_every_supported_python(checkout: Checkout, version: str) -> None:
    checkout.run(pretending(version))
    line = checkout.installations[0]
    assert f"--constraint {checkout.root}/packaging/constraints.txt" in line


def test_a_python_too_new_for_the_constraints_goes_without_and_says_so(checkout: Checkout) -> None:
    done = checkout.run(pretending("3.15"))
    assert done.stdout == "started doctor\n"
    assert "Python 3.15 is newer than" in done.stderr
    line = checkout.installations[0]
    assert "--constraint" not in line


@pytest.mark.parametrize("fails", [False, True])
def test_without_a_compiler_everything_but_hnswlib_is_there_and_that_is_said(
    checkout: Checkout, fails: bool
) -> None:
    if not fails:
        (checkout.programs / "c++").unlink()
    done = checkout.run(pretending(during_compile="echo no such header >&2; exit 1"))
    assert (done.returncode, done.stdout) == (0, "started doctor\n"), done.stderr
    assert "more than 100,000 frames are searched exactly" in done.stderr
    assert ("no such header" in done.stderr) == fails
    again = checkout.run()
    assert (again.stdout, again.stderr) == ("started doctor\n", "")


def test_with_a_compiler_that_came_later_hnswlib_is_installed_at_the_next_start(checkout: Checkout) -> None:
    (checkout.programs / "c++").unlink()
    checkout.run(pretending())
    assert len(checkout.installations) == 1
    (checkout.programs / "g++").symlink_to(checkout.programs / "true")
    done = checkout.run(pretending(during_pip="echo all of it again >&2"))
    assert (done.stdout, done.stderr) == (
        "started doctor\n",
        "reelfind: compiling hnswlib, for large libraries\n",
    )
    assert "hnswlib>=0.8,<0.9" in checkout.installations[-1]
