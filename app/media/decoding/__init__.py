"""A file is opened and becomes frames: what runs in the child process, and nowhere else in the program."""
