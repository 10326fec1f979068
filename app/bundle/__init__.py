"""The encoder bundle: the one interface between `models/` and the program, and what is checked on it."""
