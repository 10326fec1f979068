"""How often an English description is taken for another language.

    python -m benchmarks.languages FILE...

Each FILE has one description a line; `.gz` is unpacked, and of JSON lines `captions` and `query` are taken.
Prints how many were looked at more closely, and which raised a false alarm.
"""

import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from app.runtime.languages import other_language


def descriptions(path: Path) -> Iterator[str]:
    """The descriptions of one file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            if not line.startswith("{"):
                yield line.strip()
                continue
            fields = json.loads(line)
            yield from fields.get("captions", [])
            if "query" in fields:
                yield fields["query"]


def main() -> None:
    """Measure, and print."""
    texts = sorted({text for name in sys.argv[1:] for text in descriptions(Path(name)) if text})
    started = time.process_time()
    alarms = [(text, language) for text in texts if (language := other_language(text))]
    took = time.process_time() - started
    share = len(alarms) / max(1, len(texts))
    print(f"{len(texts):,} descriptions, {len(alarms)} false alarms ({share:.4%}), {took:.1f} s")
    for text, language in alarms:
        print(f"  {language}: {text}")


if __name__ == "__main__":
    main()
