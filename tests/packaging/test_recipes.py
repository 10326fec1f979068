"""The recipes for other systems, as far as they can be held against the rest here: they were not run."""

import plistlib
import re
import xml.etree.ElementTree as ET

import pytest

from app.processes.launcher import CONSOLE_PROGRAM
from tests.conftest import ROOT

PACKAGING = ROOT / "packaging"
RECIPES = ("windows/build.ps1", "windows/reelfind.iss", "macos/build.sh", "macos/entitlements.plist")


def read(name: str) -> str:
    return (PACKAGING / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_that_was_not_tried_says_so(name: str) -> None:
    assert "NOT TRIED" in read(name)


@pytest.mark.parametrize("name", RECIPES)
def test_what_a_recipe_names_is_there(name: str) -> None:
    named = re.findall(r"packaging[/\\][\w./\\-]+\.(?:py|sh|spec|iss|ps1|txt|plist)", read(name))
    missing = [path for path in named if not (ROOT / path.replace("\\", "/")).exists()]
    assert missing == []


def test_the_version_comes_from_the_program() -> None:
    for name in ("windows/build.ps1", "macos/build.sh"):
        assert "--version" in read(name)
    assert "AppVersion={#Version}" in read("windows/reelfind.iss")
    assert not re.search(r"^AppVersion=\d", read("windows/reelfind.iss"), re.MULTILINE)


def test_windows_has_a_program_for_the_window_and_one_with_streams() -> None:
    spec, installer = read("frozen/reelfind.spec"), read("windows/reelfind.iss")
    assert f'program("{CONSOLE_PROGRAM.removesuffix(".exe")}", console=sys.platform == "win32")' in spec
    assert 'program("reelfind-gui", console=False)' in spec
    started = set(re.findall(r"\{app\}\\([\w-]+\.exe)", installer))
    assert started == {"reelfind-gui.exe"}, "whoever clicks gets no console"


def test_the_installer_leaves_what_people_made_where_it_is() -> None:
    installer = read("windows/reelfind.iss")
    assert "[UninstallDelete]" not in installer
    deleted = re.findall(r"^Type: .*Name: \"(.+)\"$", installer, re.MULTILINE)
    assert deleted == [r"{app}\_internal"], "libraries of an earlier version, and nothing else"
    assert "PrivilegesRequired=lowest" in installer


def test_each_section_of_the_installer_is_one_that_there_is() -> None:
    known = {
        "Setup",
        "Languages",
        "CustomMessages",
        "Tasks",
        "InstallDelete",
        "Files",
        "Icons",
        "Registry",
        "Run",
    }
    sections = re.findall(r"^\[(\w+)\]$", read("windows/reelfind.iss"), re.MULTILINE)
    assert set(sections) <= known
    assert len(sections) == len(set(sections))


def test_what_macos_must_allow_is_a_list_that_it_can_read() -> None:
    tree = ET.parse(PACKAGING / "macos" / "entitlements.plist")  # noqa: S314 - ours
    allowed = plistlib.loads(ET.tostring(tree.getroot()), fmt=plistlib.FMT_XML)
    assert allowed == {"com.apple.security.cs.disable-library-validation": True}


def test_macos_asks_before_folders_are_read_and_says_why() -> None:
    spec = read("frozen/reelfind.spec")
    for place in ("Desktop", "Documents", "Downloads"):
        assert f"NS{place}FolderUsageDescription" in spec
    for place in ("Removable", "Network"):
        assert f"NS{place}VolumesUsageDescription" in spec
