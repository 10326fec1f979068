"""Models that hear speech are fetched from the hub, in a process of their own; nothing of them is loaded."""
