"""Stands in for `python -m models.export`, which needs torch and minutes: same words, a tiny bundle.

Usage: python stand_in.py GATE NAME --out=FOLDER …; it waits for the file GATE before it goes on.
"""

import json
import sys
import time
from pathlib import Path

LONGEST = 60.0


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> int:
    gate, name = Path(sys.argv[1]), sys.argv[2]
    out = next(Path(word.removeprefix("--out=")) for word in sys.argv if word.startswith("--out="))
    say(stage="download", done=412_000_000, total=1_000_000_000)
    deadline = time.monotonic() + LONGEST
    while not gate.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    if gate.read_text() == "fail":
        say(error="The network is not reachable.", advice="Connect to it and try again.")
        return 1
    say(stage="check", done=0, total=None)
    from tests.bundles import make_bundle  # noqa: PLC0415 - takes long, and not all come so far

    make_bundle(out, name=name.lower().replace(":", "-"))
    say(stage="done", name=name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
