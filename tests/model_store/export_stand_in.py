"""Stands in for `python -m models.export`: says and does what a test wants, as a real process.

The first argument is a JSON object: `say` lines in turn (objects, or strings as they are), `bundle` a folder
to copy to --out, then `wait` for ever with a child of its own, `complain` on stderr, `signal` to die of,
`code` to exit with. The arguments after it are those of the export; the file `arguments` gets them.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    plan = json.loads(sys.argv[1])
    if "arguments" in plan:
        Path(plan["arguments"]).write_text(json.dumps(sys.argv[2:]))
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    for option in ("--out", "--variants", "--checkpoint", "--random", "--licence", "--tokenizer"):
        parser.add_argument(option)
    parser.add_argument("--progress", action="store_true", required=True)
    out = Path(parser.parse_args(sys.argv[2:]).out)
    for said in plan.get("say", []):
        sys.stdout.write((said if isinstance(said, str) else json.dumps(said)) + "\n")
        sys.stdout.flush()
    if "bundle" in plan:
        shutil.copytree(plan["bundle"], out)
    if "wait" in plan:
        out.mkdir()
        (out / "half").write_text("made")
        inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path(plan["wait"]).write_text(f"{os.getpid()} {inner.pid}")
        time.sleep(600)
    sys.stderr.write(plan.get("complain", "") + "\n")
    sys.stderr.flush()
    if "signal" in plan:
        os.kill(os.getpid(), plan["signal"])
    sys.exit(plan.get("code", 0))


if __name__ == "__main__":
    main()
