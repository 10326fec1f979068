"""What a run leaves: checkpoints, curves, and a bundle with its head and calibrations."""
