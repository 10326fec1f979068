"""The library of the pictures: real clips where there are any, else made ones; indexed as a person would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import SHARED
from tests.videos import Scene, make_video

CLIPS = {
    "062_surfer_red.mp4": "Lake Garda 2023/surfing.mp4",
    "058_retriever.mp4": "Lake Garda 2023/dog in the garden.mp4",
    "061_trail_runner.mp4": "Lake Garda 2023/morning run.mp4",
    "018_jeep_bend.mp4": "Lake Garda 2023/mountain road.mp4",
    "015_toddler_book.mp4": "Family/first birthday.mp4",
    "056_child_bike.mp4": "Family/learning to ride.mp4",
    "048_couple_kiss.mp4": "Family/wedding.mp4",
    "073_dog_in_bed.mp4": "Family/lazy sunday.mp4",
    "033_dog_plaza.mp4": "Family/dog on the plaza.mp4",
    "012_cake_mixer.mp4": "Kitchen/baking a cake.mp4",
    "036_coffee_pour.mp4": "Kitchen/pouring coffee.mp4",
    "067_tea_pour.mp4": "Kitchen/tea time.mp4",
    "019_snowboarder.mp4": "Family/snowboarding.mp4",
    "054_brown_bear.mp4": "Lake Garda 2023/brown bear.mp4",
}
"""Real clips, and what they are called here."""
SUBTITLES = {
    "Family/first birthday.srt": "1\n00:00:01,000 --> 00:00:03,500\nHappy birthday to you!\n\n"
    "2\n00:00:04,000 --> 00:00:06,000\nShe reads it from cover to cover.\n",
    "Family/wedding.srt": "1\n00:00:00,500 --> 00:00:02,000\nWe have waited so long for this day.\n",
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
