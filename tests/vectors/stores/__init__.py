"""What answers for the nearest frames."""
