"""What indexing waits for: hours of the day, power; and the gate that holds a run up meanwhile."""
