"""What answers for the nearest frames: each store behind one interface."""
