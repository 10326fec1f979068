"""All measurements in one command; writes the table of `docs/benchmarks.md`.

python -m benchmarks
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.bundle.encoder_bundle import load_bundle
from app.paths import bundled_model
from app.runtime.sessions.providers import choose_provider
from app.session import Session
from benchmarks import indexing, machine, providers, queries, rescore, retrieval, startup, verdict

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    """Measure everything and write the page."""
    speed = indexing.measure(retrieval.CLIPS)
    small, large = queries.measure(10_000), queries.measure(100_000)
    rescored = rescore.measure()
    start = startup.measure()
    bundle, choice = load_bundle(bundled_model()), choose_provider()
    towers = providers.rows(bundle, providers.measure(bundle))
    given = retrieval.read_captions(retrieval.CLIPS)
    with (
        retrieval.unnamed(retrieval.CLIPS, given) as (clips, captions),
        tempfile.TemporaryDirectory() as library,
        Session(Path(library)) as session,
    ):
        session.add_folder(clips)
        session.indexer.start()
        session.indexer.wait()
        found = retrieval.measure(session, captions)
        model = session.model_name
    rows = [
        (
            "Indexing",
            f"{speed.video_rate:.0f} video-seconds per second",
            f"{speed.videos} clips, {speed.video_seconds:.0f} s, cold start included; "
            f"frames encoded on {choice.device or choice.name}",
        ),
        ("Frames indexed", f"{speed.frames / speed.took:.0f} frames/s", f"{speed.frames} frames"),
        (
            "Share of the encoder's throughput in the run",
            f"{speed.share:.0%}",
            f"{speed.frames / speed.encoder_busy:.0f} frames/s while encoding; limit: 60 %",
        ),
        (
            "Share of the encoder's throughput on an idle machine",
            f"{speed.share_of_idle:.0%}",
            f"{speed.encoder_rate:.0f} frames/s, same frames and threads",
        ),
        *towers,
        ("Decoder alone", f"{speed.decoder_rate:.0f} frames/s", "one child process, two threads"),
        (
            "Peak memory, indexing",
            f"{speed.peak_memory:.0f} MiB",
            "the indexing process; about 150 MiB per decoder beside it",
        ),
        (
            "Warm query, 10,000 frames",
            f"p50 {small.p50:.1f} ms, p95 {small.p95:.1f} ms",
            f"of which encoding {small.encode_p50:.1f} ms",
        ),
        (
            "Warm query, 100,000 frames",
            f"p50 {large.p50:.1f} ms, p95 {large.p95:.1f} ms",
            f"vectors loaded in {large.load:.2f} s",
        ),
        *(
            (
                f"Re-scoring with T-MASS, {speed.clips:,} clips",
                f"{speed.median:.1f} ms (best {speed.best:.1f})",
                f"D = {rescore.WIDTH}, F = {rescore.FRAMES}, S = {rescore.SAMPLES}; processor time "
                f"{speed.processor:.1f} ms; reading their frames "
                f"{speed.floor:.1f} ms; samples one by one {speed.peer:.1f} ms (best {speed.peer_best:.1f})",
            )
            for speed in rescored
        ),
        ("Window usable", f"{start.usable:.2f} s", "process start to focused search box, 10,000 frames"),
        ("First answer in the window", f"{start.answered:.2f} s", "typed as soon as usable"),
        ("Peak memory, window", f"{start.peak_memory:.0f} MiB", "after one search"),
        (
            "Text→clip R@1 / R@5 / R@10",
            f"{found.recall_at_1:.1f} / {found.recall_at_5:.1f} / {found.recall_at_10:.1f} %",
            f"{found.queries} captions, {found.videos} clips, {model}",
        ),
        ("Verdicts on captions", _counts(found.verdicts), "what is there"),
        ("Verdicts on foreign descriptions", _counts(found.foreign_verdicts), "what is not there"),
    ]
    rows += [
        (
            f"Verdict ({quality.scorer}), {quality.size} held-out pictures, the described one there / not",
            f"{_counts(quality.present)} / {_counts(quality.absent)}",
            f"1,000 captions, area under the curve {quality.area:.3f} [{quality.low:.3f}–{quality.high:.3f}]",
        )
        for quality in verdict.measure(verdict.TRAINING)
    ]
    lines = [
        "# Benchmarks",
        "",
        "Made by `python -m benchmarks`; medians. Wall times on a shared machine are noisy: ratios travel.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}; {machine.describe()}",
        "",
        "| what | measured | on |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    notes = PAGE.read_text(encoding="utf-8").partition("\n## ")[2] if PAGE.exists() else ""
    PAGE.write_text("\n".join(lines) + "\n" + (f"\n## {notes}" if notes else ""), encoding="utf-8")
    print("\n".join(lines))


def _counts(verdicts: dict[str, int]) -> str:
    return ", ".join(f"{verdicts.get(name, 0)} {name}" for name in ("good", "weak", "none"))


if __name__ == "__main__":
    main()
