"""Every place where the program asks which system it runs on is tested here, or said why not."""

import re
from collections import Counter

from tests.conftest import ROOT

TESTED = {
    "app/catalogue/damage/repair.py": 1,  # Linux' side: tests/catalogue
    "app/cli/window_command.py": 1,
    "app/cli/doctor/findings.py": 1,  # Linux' side: tests/cli
    "app/disk/plugged_in.py": 2,
    "app/disk/volumes.py": 2,
    "app/indexing/waiting/power_source.py": 1,
    "app/media/playing/film_feed.py": 1,  # Linux' side: tests/media
    "app/processes/machine_memory.py": 1,
    "app/runtime/sessions/providers.py": 1,
    "app/ui/desktop/single_instance.py": 1,
    "app/ui/system/file_urls.py": 1,
    "app/ui/system/reveal.py": 1,
}
"""How often a file asks, and has a test with that system's answer."""
NEED_THE_SYSTEM = {
    "app/processes/child.py": 1,  # a job's end ends its processes: only Windows' kernel can say whether
    "app/processes/job_object.py": 5,  # the job itself
    "app/processes/launcher.py": 3,  # flags and handles of CreateProcess
    "app/processes/limits.py": 9,  # priorities and limits; macOS' side of them is in test_macos.py
    "app/runtime/sessions/provider_probe.py": 1,  # loads the driver of a graphics card
    "app/runtime/sessions/providers.py": 1,  # the name of a variable
}
"""The same where only that system itself could answer; `.github/workflows/tests.yml` would do it there."""


def test_every_branch_is_tested_or_accounted_for() -> None:
    found: Counter[str] = Counter()
    for path in (ROOT / "app").rglob("*.py"):
        asked = len(re.findall(r"sys\.platform|os\.name\b", path.read_text("utf-8")))
        if asked:
            found[path.relative_to(ROOT).as_posix()] = asked
    assert found == Counter(TESTED) + Counter(NEED_THE_SYSTEM)
