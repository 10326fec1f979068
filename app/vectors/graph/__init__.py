"""Approximate search: hnswlib in a child process that follows the kept gallery."""
