"""How many threads a session may take; loads no runtime."""

import os


def background_threads() -> int:
    """Threads for background encoding: one core stays free for the window and the decoder."""
    return max(1, (os.cpu_count() or 2) - 1)
