"""What a command loads: no more than it needs."""

import subprocess
import sys
from pathlib import Path


def test_what_neither_searches_nor_indexes_loads_no_model(tmp_path: Path) -> None:
    """A list of folders takes half the processor time of a search that finds nothing."""
    code = (
        "import sys\n"
        "from app.cli.commands import main\n"
        "for words in ('folders', 'settings', 'settings history off', 'sources', 'keep list',"
        " 'models list'):\n"
        "    main([*words.split(), '--library', sys.argv[1]], standalone_mode=False)\n"
        "rooms = ('session', 'answering', 'search.searcher', 'engines.search_engine', 'indexing.indexer')\n"
        "heavy = {'onnxruntime', 'tokenizers', 'av', 'cv2', 'hnswlib', 'watchdog'} & set(sys.modules)\n"
        "heavy |= {f'app.{room}' for room in rooms} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "library"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
