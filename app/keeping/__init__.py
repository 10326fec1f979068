"""What people keep, as they name it: moments of files and of searches, saved searches."""
