"""A published model becomes a bundle, in a child process."""
