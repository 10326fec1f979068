"""A small data set on disk and its configuration, for the tests of both commands."""

from pathlib import Path

from tests.videos import make_video

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = ROOT / "models" / "bundled" / "pocket"
COLOURS = ("red", "green", "blue", "yellow", "purple", "white")


def make_dataset(folder: Path) -> Path:
    """Write videos of one colour each with two captions, one broken video and a configuration; returns the
    configuration's path."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["file,caption"]
    for colour in COLOURS:
        make_video(folder / f"{colour}.mp4", [(colour, 0.5)], size=(64, 48))
        rows += [f"{colour}.mp4,a {colour} wall", f"{colour}.mp4,everything is {colour}"]
    (folder / "broken.mp4").write_bytes(b"no video")
    rows += ["broken.mp4,nothing to see", "gone.mp4,not there"]
    (folder / "captions.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    config = folder / "recipe.toml"
    config.write_text(
        f"""
        device = "cpu"
        [data]
        dataset = "csv"
        annotations = "captions.csv"
        videos = "."
        [test]
        dataset = "csv"
        annotations = "captions.csv"
        videos = "."
        [backbone]
        bundle = "{BUNDLE.as_posix()}"
        [head]
        frames = 3
        samples = 6
        [optimiser]
        batch = 4
        steps = 3
        head_learning_rate = 1e-3
        """,
        encoding="utf-8",
    )
    return config
