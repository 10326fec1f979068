"""The clips that long videos are made of, each with one caption."""

import gzip
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import av

from benchmarks import retrieval

RECORDS = "captions-video.jsonl.gz"
SHORTEST = 1.0
"""Seconds; a shorter clip may lie between two sampled frames."""


@dataclass(frozen=True, slots=True)
class CaptionedClip:
    """A clip and what it shows."""

    path: Path
    caption: str
    seconds: float


def given_clips(folder: Path) -> list[CaptionedClip]:
    """Those of a folder with `manifest.csv` that are long enough.

    Raises:
        UsageError: there is no manifest, or it lacks a column.
    """
    clips = []
    for caption in retrieval.read_captions(folder):
        path = folder / caption.file
        with av.open(str(path)) as video:
            seconds = (video.duration or 0) / av.time_base
        clips.append(CaptionedClip(path, caption.text, seconds))
    return [clip for clip in clips if clip.seconds >= SHORTEST]


def held_out_clips(folder: Path, work: Path, *, part: str = "heldout") -> list[CaptionedClip]:
    """Those of a folder with `captions-video.jsonl.gz` that no encoder here has seen, of each caption one.

    Args:
        folder: records, and the shards that they name.
        work: where the clips are written to, if they are not there yet.
        part: "heldout", or "train" for those that the bundled encoder was trained on.
    """
    with gzip.open(folder / RECORDS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    chosen = {record["captions"][0]: record for record in reversed(records) if record["split"] == part}
    work.mkdir(parents=True, exist_ok=True)
    clips = []
    for caption, record in sorted(chosen.items(), key=lambda item: str(item[1]["file"])):
        path = work / record["file"]
        if not path.exists():
            with tarfile.open(folder / record["shard"]) as shard:
                member = shard.extractfile(record["file"])
                if member is None:
                    raise KeyError(f"{record['shard']} holds no file {record['file']}")
                path.write_bytes(member.read())
        clips.append(CaptionedClip(path, caption, float(record["seconds"])))
    return [clip for clip in clips if clip.seconds >= SHORTEST]
