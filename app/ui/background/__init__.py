"""Everything the window asks of a session, off the GUI thread."""
