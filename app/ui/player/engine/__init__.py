"""What plays: pictures when they are due, and sound."""
