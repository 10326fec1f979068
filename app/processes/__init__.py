"""Child processes: how they are started, limited and ended."""

RUN_TASK = "--run-task"
"""First argument of this program where it runs a task for another process of its own (`entry.py`)."""
