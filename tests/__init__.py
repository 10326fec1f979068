"""Tests of all rooms, with numpy's products on one thread, as `reelfind` itself sets it.

On a busy machine a second thread spins while it waits: a small decomposition takes a hundred times as long.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded
