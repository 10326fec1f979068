"""What is said and written in videos, as lines with their times; and where such lines come from."""
