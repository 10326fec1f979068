"""The evaluation of one head: measured, tabulated and drawn into a folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import UsageError
from models.datasets.features import cache_features
from models.evaluate.ablations import evaluation_rows, trained_rows
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.evaluate.plots import draw_recall_at_1, draw_recall_curves
from models.evaluate.table import DIRECTIONS, Scorer, ScoreTable, score_table
from models.train.config_file import RunConfig
from models.train.loop import choose_device
from models.train.run import feature_batches
from models.train.sources import FEATURES, open_backbone, open_videos

REPORT = "report.md"
ABLATIONS = "ablations"
"""Folder of the ablations' checkpoints in the working folder."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the report; its pictures are named after `file`."""

    title: str
    file: str
    table: ScoreTable


def evaluate(
    run: RunConfig, work: Path, head: Path, out: Path, *, train_ablations: bool, resamples: int
) -> Path:
    """Measure a head on the `[test]` data of a configuration; returns the report, a Markdown file in `out`.

    Args:
        run: the configuration; features come from its backbone.
        work: folder of cached features and of the ablations' checkpoints.
        head: a `tmass.npz` or a checkpoint.
        out: folder of the report and its pictures.
        train_ablations: also train a head per radius and per sum of losses on `[data]`.
        resamples: draws of the bootstrap.

    Raises:
        UsageError: the head does not fit the backbone, or something cannot be read.
        ModelError: the backbone cannot be loaded.
    """
    device = choose_device(run.train.device)
    opened = open_head(head)
    frames = opened.head.config.frames
    run = replace(run, train=replace(run.train, head=replace(run.train.head, frames=frames)))
    backbone = open_backbone(run)
    if backbone.width != opened.head.config.width:
        raise UsageError(
            f"The head is for embeddings of {opened.head.config.width} numbers, the backbone gives "
            f"{backbone.width}.",
            "Name the backbone the head was trained on.",
        )
    videos = open_videos(run, run.test, "test")
    features = cache_features(videos, backbone, work / FEATURES, frames)
    gallery = Gallery.of(features, device)
    opened = OpenedHead(opened.head.to(device), opened.samples)

    def table_of(rows: dict[str, Scorer]) -> ScoreTable:
        return score_table(rows, features.video_of_text, resamples=resamples, report=_say)

    sections = [Section("The head and what is in it", "head", table_of(evaluation_rows(opened, gallery)))]
    if train_ablations:
        batches, data = feature_batches(run, work)
        rows = trained_rows(run.train, batches, work / ABLATIONS, gallery, data=data, report=_say)
        sections.append(Section("Heads trained for comparison", "trained", table_of(rows)))
    facts = f"{videos.summary()} Backbone {backbone.identity}. Measured: {features.summary()}"
    return _write(sections, facts, out, resamples)


def _write(sections: list[Section], facts: str, out: Path, resamples: int) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    lines = ["# Retrieval", "", facts, ""]
    lines += [
        "Recall, mAP and nDCG in percent; ties count against the system; captions of videos that are missing "
        "or left out are not asked. In brackets the 95 % interval of a bootstrap over queries "
        f"({resamples:,} resamples).",
        "",
    ]
    for section in sections:
        draw_recall_at_1(section.table, out / f"{section.file}_recall_at_1.png")
        draw_recall_curves(section.table, out / f"{section.file}_recall.png")
        lines += [f"## {section.title}", ""]
        for direction in DIRECTIONS:
            queries = len(section.table.rows[0].of(direction).rankings.ranks)
            lines += [f"### {direction.capitalize()}, {queries:,} queries", ""]
            lines += [section.table.markdown(direction)]
        lines += [f"![R@1]({section.file}_recall_at_1.png)", f"![Recall]({section.file}_recall.png)", ""]
    path = out / REPORT
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _say(line: str) -> None:
    print(line, flush=True)
