"""`reelfind index`: one run in the foreground, and how it is shown."""
