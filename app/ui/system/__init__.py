"""What the window asks of the desktop it runs on: file managers, preferences, languages."""
