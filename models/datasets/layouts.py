"""The published layouts of the text-video retrieval data sets: a folder and a split in, annotations out.

Splits and caption use follow X-Pool (Gorti et al., CVPR 2022) and T-MASS (Wang et al., CVPR 2024) and, where
those name no files, CLIP4Clip (MSVD), HGR (Chen et al., CVPR 2020: VATEX) and ECLIPSE (Lin et al., ECCV 2022:
Charades). Nothing is unpickled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from app.errors import UsageError
from models.datasets.annotations import (
    Annotation,
    grouped,
    malformed,
    read_json,
    read_lines,
    read_table,
)

_LSMDC = {
    "train": "LSMDC16_annos_training.csv",
    "val": "LSMDC16_annos_val.csv",
    "test": "LSMDC16_challenge_1000_publictect.csv",
}
_LSMDC_FIELDS = 6
_DIDEMO_SECONDS = re.compile(r"tensor\(\[+(\d+(?:\.\d*)?)\]+\)")
_VATEX_OFFICIAL = {
    "train": "vatex_training_v1.0.json",
    "val": "vatex_validation_v1.0.json",
    "test": "vatex_validation_v1.0.json",
}
_MSVD_TEXT, _MSVD_TABLE = "AllVideoDescriptions.txt", "MSR Video Description Corpus.csv"


def msrvtt_1k_a(folder: Path, split: str) -> Iterator[Annotation]:
    """MSR-VTT 1k-A (JSFusion): 1,000 test videos, one caption each; `MSRVTT_JSFUSION_test.csv`."""
    _split(split, ("test",))
    for row in read_table(folder / "MSRVTT_JSFUSION_test.csv", ("video_id", "sentence")):
        key = row.text("video_id")
        yield Annotation(key, (key,), (row.text("sentence"),))


def msrvtt_9k(folder: Path, split: str) -> Iterator[Annotation]:
    """MSR-VTT: the 9,000 training videos of 1k-A (`MSRVTT_train.9k.csv`), and its test split."""
    return _msrvtt(folder, split, "MSRVTT_train.9k.csv")


def msrvtt_7k(folder: Path, split: str) -> Iterator[Annotation]:
    """MSR-VTT: the 7,010 training videos of Miech et al. (`MSRVTT_train.7k.csv`), and the 1k-A test split."""
    return _msrvtt(folder, split, "MSRVTT_train.7k.csv")


def lsmdc(folder: Path, split: str) -> Iterator[Annotation]:
    """LSMDC 2016: tab-separated clip, four times in the film and caption; a clip is a file of its own."""
    file = folder / _LSMDC[_split(split, tuple(_LSMDC))]
    captions = grouped(_lsmdc_lines(file))
    return (Annotation(key, (key,), tuple(texts)) for key, texts in captions.items())


def didemo(folder: Path, split: str) -> Iterator[Annotation]:
    """DiDeMo, paragraph to video: all descriptions of a video as one text, its first 31 seconds.

    `didemo_{split}_label.csv` as T-MASS publishes it; of its paths only the file name counts.
    """
    file = folder / f"didemo_{_split(split, ('train', 'val', 'test'))}_label.csv"
    groups: dict[tuple[str, float, float], list[str]] = {}
    for row in read_table(file, ("video_path", "starts", "ends", "text")):
        times = [_DIDEMO_SECONDS.fullmatch(row.text(column)) for column in ("starts", "ends")]
        if times[0] is None or times[1] is None or float(times[0][1]) >= float(times[1][1]):
            raise malformed(file, row.line, "has no start before its end")
        name = PurePosixPath(row.text("video_path")).name
        groups.setdefault((name, float(times[0][1]), float(times[1][1])), []).append(row.text("text"))
    for (name, start, end), texts in groups.items():
        key = name.removesuffix(".")  # some are published without a suffix but with its dot
        yield Annotation(key, (name, key), tuple(texts), start, end)


def vatex(folder: Path, split: str) -> Iterator[Annotation]:
    """VATEX, its English captions.

    Either `ref_captions.json` (captions by video) with `{split}_list.txt`, or the official files; those have
    no retrieval test split, so that `val` and `test` need the lists (1,500 each) too.
    """
    _split(split, tuple(_VATEX_OFFICIAL))
    listed = folder / f"{split}_list.txt"
    if (folder / "ref_captions.json").exists():
        file = folder / "ref_captions.json"
        captions = _captions_by_key(file, read_json(file))
    else:
        file = folder / _VATEX_OFFICIAL[split]
        captions = _captions_by_key(file, _vatex_entries(file))
        if split == "train" and not listed.exists():
            return (Annotation(key, (key,), texts) for key, texts in captions.items())
    return _captioned(read_lines(listed), listed, captions, file)


def charades(folder: Path, split: str) -> Iterator[Annotation]:
    """Charades: the script of each video of `Charades_v1_{split}.csv`, as ECLIPSE and T-MASS use it."""
    file = folder / f"Charades_v1_{_split(split, ('train', 'test'))}.csv"
    for row in read_table(file, ("id", "script")):
        yield Annotation(row.text("id"), (row.text("id"),), (row.text("script"),))


def msvd(folder: Path, split: str) -> Iterator[Annotation]:
    """MSVD: `{split}_list.txt` and the English captions of the published text or table."""
    listed = folder / f"{_split(split, ('train', 'val', 'test'))}_list.txt"
    text, table = folder / _MSVD_TEXT, folder / _MSVD_TABLE
    if table.exists() and not text.exists():
        return _captioned(read_lines(listed), listed, grouped(_msvd_rows(table)), table)
    return _captioned(read_lines(listed), listed, grouped(_msvd_lines(text)), text)


def plain_csv(annotations: Path, split: str) -> Iterator[Annotation]:
    """A table with the columns `file` and `caption`, and perhaps `start` and `end` in seconds.

    `annotations` is the table, or a folder with `{split}.csv` or else `manifest.csv`. Rows about the same
    file and segment are captions of one video.
    """
    file = annotations
    if annotations.is_dir():
        _split(split, ("train", "val", "test"))
        file = annotations / f"{split}.csv"
        file = file if file.exists() else annotations / "manifest.csv"
    groups: dict[tuple[str, float | None, float | None], list[str]] = {}
    for row in read_table(file, ("file", "caption")):
        start, end = row.seconds("start"), row.seconds("end")
        if end is not None and (start or 0.0) >= end:
            raise malformed(file, row.line, "ends before it starts")
        groups.setdefault((row.text("file"), start, end), []).append(row.text("caption"))
    for (name, start, end), texts in groups.items():
        whole = start is None and end is None
        key = name if whole else f"{name}@{start or 0:g}-{'' if end is None else f'{end:g}'}"
        yield Annotation(key, (name,), tuple(texts), start, end)


def _split(split: str, known: tuple[str, ...]) -> str:
    if split not in known:
        raise UsageError(f"The data set has no split “{split}”.", f"Choose {' or '.join(known)}.")
    return split


def _msrvtt(folder: Path, split: str, train: str) -> Iterator[Annotation]:
    if _split(split, ("train", "test")) == "test":
        yield from msrvtt_1k_a(folder, split)
        return
    file = folder / "MSRVTT_data.json"
    content = read_json(file)
    sentences = content.get("sentences") if isinstance(content, dict) else None
    if not isinstance(sentences, list):
        raise malformed(file, None, "holds no list of “sentences”")
    captions = grouped(
        (_field(file, number, entry, "video_id"), _field(file, number, entry, "caption"))
        for number, entry in enumerate(sentences, 1)
    )
    rows = read_table(folder / train, ("video_id",))
    yield from _captioned(((row.line, row.text("video_id")) for row in rows), folder / train, captions, file)


def _lsmdc_lines(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in read_lines(file):
        fields = line.split("\t")
        if len(fields) != _LSMDC_FIELDS:
            raise malformed(file, number, f"has {len(fields)} fields, not {_LSMDC_FIELDS}, between tabs")
        key, caption = fields[0].strip(), fields[-1].strip()
        if key.startswith('"'):  # a few lines of the training file are in quotation marks
            key, caption = key[1:], caption.removesuffix('"').replace('""', '"')
        if not key or not caption:
            raise malformed(file, number, "has no clip or no caption")
        yield key, caption


def _vatex_entries(file: Path) -> dict[str, Any]:
    content = read_json(file)
    if not isinstance(content, list):
        raise malformed(file, None, "is no list of videos")
    return {
        _field(file, number, entry, "videoID"): entry.get("enCap") for number, entry in enumerate(content, 1)
    }


def _captions_by_key(file: Path, content: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(content, dict):
        raise malformed(file, None, "is no list of captions by video")
    captions = {}
    for key, texts in content.items():
        if (
            not isinstance(texts, list)
            or not texts
            or not all(isinstance(t, str) and t.strip() for t in texts)
        ):
            raise malformed(file, None, f"has no captions for {key}")
        captions[key] = tuple(text.strip() for text in texts)
    return captions


def _msvd_lines(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in read_lines(file):
        if line.startswith("#"):
            continue
        key, _, caption = line.partition(" ")
        if not caption.strip():
            raise malformed(file, number, f"has no caption after {key}")
        yield key, caption.strip()


def _msvd_rows(file: Path) -> Iterator[tuple[str, str]]:
    columns = ("VideoID", "Start", "End", "Language", "Description")
    for row in read_table(file, columns):
        # The table holds other languages too, and some descriptions that were left empty.
        if row.fields.get("Language") == "English" and row.fields.get("Description", "").strip():
            yield "_".join(row.text(column) for column in columns[:3]), row.text("Description")


def _captioned(
    keys: Iterable[tuple[int, str]], listed: Path, captions: Mapping[str, Sequence[str]], source: Path
) -> Iterator[Annotation]:
    """One annotation per key of a list of (line, key); keys listed again are passed over, as T-MASS does."""
    seen: set[str] = set()
    for number, key in keys:
        if key not in captions:
            raise malformed(listed, number, f"names {key}, which has no caption in “{source.name}”")
        if key not in seen:
            seen.add(key)
            yield Annotation(key, (key,), tuple(captions[key]))


def _field(file: Path, number: int, entry: Any, name: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise malformed(file, None, f"has no “{name}” in its entry {number}")
    return value.strip()
