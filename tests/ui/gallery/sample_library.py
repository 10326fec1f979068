"""The library of the pictures: real clips where there are any, else made ones; indexed as a person would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import SHARED
from tests.videos import Scene, make_video

CLIPS = {
    "033_dog_plaza.mp4": "Family/dog on the plaza.mp4",
    "073_dog_in_bed.mp4": "Family/lazy sunday.mp4",
    "037_soccer_juggle.mp4": "Family/football in the park.mp4",
    "036_coffee_pour.mp4": "Kitchen/pouring coffee.mp4",
    "080_store_aisle.mp4": "Kitchen/new dishes.mp4",
    "029_flower_bloom.mp4": "Garden 2023/a flower opens.mp4",
    "031_beetle.mp4": "Garden 2023/beetle.mp4",
    "068_tractor.webm": "Garden 2023/the field next door.webm",
    "053_train_phone.mp4": "Travel/waiting for the train.mp4",
    "075_station_roof.mp4": "Travel/station.mp4",
    "006_cars_topdown.mp4": "Travel/from the tower.mp4",
    "077_classroom.mp4": "Travel/language school.mp4",
    "042_webb_telescope.mp4": "Travel/telescope.mp4",
}
"""Real clips, and what they are called here: such as may be shown in pictures (docs/credits.md)."""
SUBTITLES = {
    "Travel/waiting for the train.srt": "1\n00:00:01,000 --> 00:00:04,500\nThe train is late again.\n\n"
    "2\n00:00:05,000 --> 00:00:09,000\nNo, I can hardly hear you!\n\n"
    "3\n00:00:09,500 --> 00:00:13,000\nThere it comes. See you tonight.\n",
    "Family/lazy sunday.srt": "1\n00:00:00,500 --> 00:00:03,000\nShe has been here all morning.\n",
}
MADE = {
    "Holidays/harbour.mp4": [Scene((40, 90, 160), 4, "pan"), Scene((200, 160, 90), 3, "pan")],
    "Holidays/meadow.mp4": [Scene((60, 150, 70), 5, "pan"), Scene((90, 140, 60), 2, "stripes")],
    "Family/birthday.mp4": [Scene((200, 60, 60), 4, "square"), Scene((230, 200, 90), 4, "pan")],
    "Family/garden.mp4": [Scene((70, 120, 60), 6, "pan")],
}
"""What stands for them on other machines."""
DAMAGED = "Family/half a file.mp4"


def make_videos(folder: Path) -> Path:
    """Fill a folder with videos, one of which is damaged; returns it."""
    clips = SHARED / "data" / "clips"
    if clips.is_dir():
        for name, shown in CLIPS.items():
            target = folder / shown
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(clips / name, target)
    else:
        for shown, scenes in MADE.items():
            (folder / shown).parent.mkdir(parents=True, exist_ok=True)
            make_video(folder / shown, scenes, size=(640, 360), audio=True)
    for shown, text in SUBTITLES.items():
        if (folder / shown).with_suffix(".mp4").exists():
            (folder / shown).write_text(text, encoding="utf-8")
    first = next(path for path in sorted(folder.rglob("*.mp4")) if path.parent.name == "Family")
    (folder / "Backup").mkdir()
    shutil.copyfile(first, folder / "Backup" / first.name)
    (folder / DAMAGED).write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 5000)
    return folder


def index(library: Path, folder: Path) -> None:
    """Index every folder in `folder`, each watched by itself."""
    watched = sorted(str(part) for part in folder.iterdir() if part.is_dir())
    subprocess.run(
        [sys.executable, "-m", "app", "--library", str(library), "index", *watched],
        check=True,
        capture_output=True,
    )
